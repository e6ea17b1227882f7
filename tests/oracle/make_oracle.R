# Frozen results of R's survival package for the data sets of datasets.py. How to run it: README.md beside it.
#   Rscript make_oracle.R rows.csv folder
suppressPackageStartupMessages(library(survival))

arguments <- commandArgs(trailingOnly = TRUE)
rows <- read.csv(arguments[1], colClasses = c("character", "numeric", "integer"))
folder <- arguments[2]
scales <- c("plain", "log", "log-log")

write_frozen <- function(frame, name) {
  number <- vapply(frame, is.double, logical(1))
  frame[number] <- lapply(frame[number], function(x) sprintf("%.17g", x))
  write.csv(frame, file.path(folder, name), row.names = FALSE, quote = FALSE, eol = "\n")
}

fit <- function(time, event, scale) survfit(Surv(time, event) ~ 1, conf.type = scale)

curve_rows <- function(dataset, curve, time, event) {
  fits <- lapply(scales, function(scale) fit(time, event, scale))
  shown <- summary(fits[[1]], censored = TRUE)
  frame <- data.frame(
    dataset = dataset, curve = curve, time = as.double(shown$time), n_risk = as.integer(shown$n.risk),
    n_event = as.integer(shown$n.event), n_censor = as.integer(fits[[1]]$n.censor),
    surv = shown$surv, std_err = shown$std.err
  )
  for (i in seq_along(scales)) {
    frame[[paste0("lower_", scales[i])]] <- as.double(fits[[i]]$lower)
    frame[[paste0("upper_", scales[i])]] <- as.double(fits[[i]]$upper)
  }
  frame
}

# What print(fit) shows is row by row the `table` of summary(fit).
median_rows <- function(dataset, curve, time, event) {
  do.call(rbind, lapply(scales, function(scale) {
    one <- fit(time, event, scale)
    printed <- summary(one)$table
    data.frame(
      dataset = dataset, curve = curve, interval = scale, median = as.double(printed["median"]),
      lower = as.double(printed["0.95LCL"]), upper = as.double(printed["0.95UCL"]),
      quantile = as.double(quantile(one, 0.5)$quantile)
    )
  }))
}

mean_rows <- function(dataset, time, event) {
  one <- fit(time, event, "plain")
  horizons <- max(time) * c(0.125, 0.5, 1, 1.25)
  do.call(rbind, lapply(horizons, function(horizon) {
    printed <- survival:::survmean(one, rmean = horizon)$matrix
    data.frame(dataset = dataset, horizon = horizon, rmean = as.double(printed["rmean"]),
               se = as.double(printed["se(rmean)"]))
  }))
}

landmark_rows <- function(dataset, time, event) {
  days <- unique(c(0, max(time) * c(0.25, 0.5, 0.75, 1, 1.25), median(time)))
  days <- sort(days)
  at <- summary(fit(time, event, "plain"), times = days, extend = TRUE)
  data.frame(dataset = dataset, day = days, n_risk = as.integer(at$n.risk), surv = at$surv)
}

each <- function(make) {
  do.call(rbind, lapply(unique(rows$dataset), function(dataset) {
    own <- rows[rows$dataset == dataset, ]
    make(dataset, own$time, own$event)
  }))
}

# Events a little earlier than the censorings of their day: the strict rule for reverse Kaplan-Meier.
earlier <- function(time, event) time - event * min(diff(sort(unique(c(-1, time))))) / 4

all_curves <- function(make) {
  function(dataset, time, event) {
    strict <- make(dataset, "reverse-strict", earlier(time, event), 1 - event)
    if ("n_event" %in% names(strict)) strict <- strict[strict$n_event > 0, ]
    rbind(make(dataset, "forward", time, event), make(dataset, "reverse-keep", time, 1 - event), strict)
  }
}

write_frozen(each(all_curves(curve_rows)), "curves.csv")
write_frozen(each(all_curves(median_rows)), "medians.csv")
write_frozen(each(mean_rows), "means.csv")
write_frozen(each(landmark_rows), "landmarks.csv")

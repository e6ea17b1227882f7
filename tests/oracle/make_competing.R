# Frozen results of R for competing risks: cumulative incidence with its variance and intervals (survival), the variance
# of cmprsk, and Gray's test (cmprsk). How to run it: README.md beside it.
shared <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
source(file.path(dirname(shared), "rows.R"))
suppressPackageStartupMessages(library(cmprsk))

scales <- c("plain", "log", "log-log")
competing <- function(own) has(own, "group") && any(own$code > 1)
causes_of <- function(own) seq_len(max(own$code))

# Days from before the first to the last observed time of the group, where there is an estimate.
days_of <- function(time) sort(unique(c(0, as.double(quantile(time, c(0, 0.2, 0.4, 0.6, 0.8, 1), type = 1)))))

# The rows at which something happens; at the last one if the day is past it.
at <- function(fit, day) max(c(0, which(fit$time <= day)))

incidence <- function(own) {
  if (!competing(own)) return(NULL)
  do.call(rbind, lapply(c("all", sort(unique(own$group))), function(group) {
    inside <- if (group == "all") own else own[own$group == group, ]
    states <- factor(inside$code, 0:max(own$code))
    fits <- lapply(scales, function(scale) survfit(Surv(inside$time, states) ~ 1, conf.type = scale))
    theirs <- cuminc(inside$time, inside$code)
    days <- days_of(inside$time)
    do.call(rbind, lapply(causes_of(own), function(cause) {
      do.call(rbind, lapply(days, function(day) {
        row <- at(fits[[1]], day)
        read <- function(name, i, before) if (row == 0) before else fits[[i]][[name]][row, cause + 1]
        curve <- theirs[[paste(1, cause)]]
        frame <- data.frame(
          dataset = own$dataset[1], group = group, cause = cause, day = day,
          at_risk = sum(inside$time >= day), incidence = read("pstate", 1, 0), se = read("std.err", 1, 0),
          se_cmprsk = if (is.null(curve)) 0 else sqrt(curve$var[max(which(curve$time <= day))])
        )
        for (i in seq_along(scales)) {
          # A survfit has no row before the first time; there the estimate is 0, as later before the first event.
          frame[[paste0("low_", scales[i])]] <- read("lower", i, if (scales[i] == "plain") 0 else NA_real_)
          frame[[paste0("high_", scales[i])]] <- read("upper", i, if (scales[i] == "plain") 0 else NA_real_)
        }
        frame
      }))
    }))
  }))
}
write_frozen(each(incidence), "incidence.csv")

gray <- function(own) {
  if (!competing(own) || length(unique(own$group)) < 2) return(NULL)
  tested <- function(stratified) {
    tests <- (if (stratified) cuminc(own$time, own$code, own$group, strata = own$stratum)
              else cuminc(own$time, own$code, own$group))$Tests
    data.frame(dataset = own$dataset[1], strata = as.integer(stratified), cause = as.integer(rownames(tests)),
               # cuminc answers -1 where it finds the variance singular
               chisq = ifelse(tests[, "stat"] < 0, NA, tests[, "stat"]), df = tests[, "df"],
               p = ifelse(tests[, "stat"] < 0, NA, tests[, "pv"]))
  }
  rbind(tested(FALSE), if (has(own, "stratum")) tested(TRUE))
}
write_frozen(each(gray), "gray.csv")

# Frozen results of R's survival package by group: S(t) and its limits at chosen days and levels, quantiles, restricted
# means, Fisher's exact test. How to run it: README.md beside it.
shared <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
source(file.path(dirname(shared), "rows.R"))

scales <- c("plain", "log", "log-log")
levels_shown <- c(0.8, 0.99)
shares <- c(0.1, 0.25, 0.5, 0.75)
grouped <- function(own) has(own, "group") && !has_start(own)

by_group <- function(make) {
  function(own) {
    if (!grouped(own)) return(NULL)
    # Horizons are those of the whole cohort, so that groups can be compared.
    horizons <- unique(as.double(quantile(own$time, c(0.4, 0.8), type = 1))) + 1
    do.call(rbind, lapply(sort(unique(own$group)), function(group) {
      make(own$dataset[1], group, own[own$group == group, ], horizons)
    }))
  }
}

survival_at <- function(dataset, group, own, horizons) {
  days <- sort(unique(c(0, as.double(quantile(own$time, c(0, 0.3, 0.8), type = 1)), max(own$time) / 3)))
  do.call(rbind, lapply(scales, function(scale) do.call(rbind, lapply(levels_shown, function(level) {
    fit <- survfit(Surv(time, code > 0) ~ 1, data = own, conf.type = scale, conf.int = level)
    row <- vapply(days, function(day) max(c(0, which(fit$time <= day))), 0)
    # Before the first observed time a survfit has no row; S is 1 there, and so are R's limits, but for log-log.
    read <- function(x, before) ifelse(row == 0, before, x[pmax(row, 1)])
    edge <- if (scale == "log-log") NA_real_ else 1
    data.frame(
      dataset = dataset, group = group, interval = scale, level = level, day = days,
      at_risk = vapply(days, function(day) sum(own$time >= day), 0L), survival = read(fit$surv, 1),
      se = read(fit$surv * fit$std.err, 0), low = read(fit$lower, edge), high = read(fit$upper, edge)
    )
  }))))
}
write_frozen(each(by_group(survival_at)), "readings.csv")

quantiles <- function(dataset, group, own, horizons) {
  do.call(rbind, lapply(scales, function(scale) {
    fit <- survfit(Surv(time, code > 0) ~ 1, data = own, conf.type = scale)
    found <- quantile(fit, shares)
    data.frame(dataset = dataset, group = group, interval = scale, probability = shares,
               time = as.double(found$quantile), low = as.double(found$lower), high = as.double(found$upper))
  }))
}
write_frozen(each(by_group(quantiles)), "quantiles.csv")

means <- function(dataset, group, own, horizons) {
  fit <- survfit(Surv(time, code > 0) ~ 1, data = own)
  do.call(rbind, lapply(horizons, function(horizon) {
    found <- survival:::survmean(fit, rmean = horizon)$matrix
    data.frame(dataset = dataset, group = group, horizon = horizon, mean = as.double(found["rmean"]),
               se = as.double(found["se(rmean)"]))
  }))
}
write_frozen(each(by_group(means)), "group_means.csv")

tables <- expand.grid(count = c(0, 1, 3, 7, 18), n = c(7, 22), other = c(0, 2, 9, 15), other_n = c(15, 40))
tables <- tables[tables$count <= tables$n, ]
tables$p <- mapply(function(a, n, b, m) fisher.test(matrix(c(a, b, n - a, m - b), 2))$p.value,
                   tables$count, tables$n, tables$other, tables$other_n)
write_frozen(tables, "fisher.csv")

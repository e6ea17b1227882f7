# What the notebooks say of patient-level rows, computed by R from the very files that they read: the studies that
# notebook_studies.py writes, one folder each, and in it cohort.csv and analysis.csv. How to run it: README.md beside it.
#   Rscript make_notebooks.R folder-of-studies file.csv
# The result has one row a number: study, key, value. A key is the table, what tells its rows apart, and the column.
suppressPackageStartupMessages({
  library(survival)
  library(cmprsk)
})
arguments <- commandArgs(trailingOnly = TRUE)
scales <- c("plain", "log", "log-log")
z <- qnorm(0.975)
tight <- coxph.control(eps = 1e-11, iter.max = 60)
found <- list()
study <- ""
keep <- function(..., values) {
  key <- paste(..., sep = "|")
  found[[length(found) + 1]] <<- data.frame(study, key = paste(key, names(values), sep = "|"), value = as.double(unlist(values)))
}

# --- what is in a folder ----------------------------------------------------------------------------------------------
told <- function(analysis, what) analysis[analysis$what == what, ]
parts <- function(text) strsplit(text, "|", fixed = TRUE)[[1]]

endpoint <- function(rows, line, treatment) {
  detail <- parts(line$detail)
  stem <- detail[1]
  weeks <- paste0(stem, "_weeks")
  days <- if (weeks %in% names(rows)) 7 * rows[[weeks]] else rows[[paste0(stem, "_days")]]
  code <- rows[[paste0(stem, "_event")]]
  known <- !is.na(days) & !is.na(code)
  if (detail[2] != "") known <- known & as.character(rows[[detail[2]]]) == detail[3]
  list(id = line$name, days = as.double(days[known]), code = as.integer(code[known]), who = which(known),
       causes = as.integer(detail[4]), everybody = detail[2] == "" && detail[5] == treatment)
}

# Levels of a covariate as numbers from 1; a number is parted at its median.
levels_of <- function(rows, line) {
  values <- rows[[line$name]]
  if (nzchar(line$detail)) return(match(as.character(values), parts(line$detail)))
  ifelse(is.na(values), NA, 1 + (values > median(values, na.rm = TRUE)))
}

responders <- function(rows) {
  if ("cri" %in% names(rows)) as.integer(rows$cr == 1 | rows$cri == 1) else rows$cr
}

# --- one curve --------------------------------------------------------------------------------------------------------
curve <- function(days, event, scale = "plain") survfit(Surv(days, event) ~ 1, conf.type = scale)

# S(t) with its error and limits. Before the first time survfit has no row: S is 1 there, and so are limits but log-log.
read <- function(days, event, day, scale, extend = FALSE) {
  fit <- curve(days, event, scale)
  row <- max(c(0, which(fit$time <= day)))
  if (row == 0) {
    edge <- if (scale == "log-log") NA else 1
    return(list(survival = 1, std_error = 0, low = edge, high = edge))
  }
  last <- fit$surv[length(fit$surv)]
  gone <- day > max(days) && last > 0 && !extend
  pick <- function(x) if (gone) NA else x[row]
  list(survival = pick(fit$surv), std_error = pick(fit$surv * fit$std.err), low = pick(fit$lower), high = pick(fit$upper))
}

middle <- function(days, event, scale) {
  printed <- summary(curve(days, event, scale))$table
  list(median = printed[["median"]], low = printed[["0.95LCL"]], high = printed[["0.95UCL"]])
}

mean_up_to <- function(days, event, horizon) {
  printed <- survival:::survmean(curve(days, event), rmean = horizon)$matrix
  list(mean = printed[["rmean"]], std_error = printed[["se(rmean)"]])
}

earlier <- function(days, event) days - event * min(diff(sort(unique(c(-1, days))))) / 4

survival_tables <- function(e, days, scale) {
  for (day in days) {
    counts <- list(at_risk = sum(e$days >= day), events = sum(e$event[e$days <= day]),
                   censored = sum(1 - e$event[e$days <= day]))
    for (one in scales) keep("readings", e$id, day, one, values = c(counts, read(e$days, e$event, day, one)))
    if (day > 0) {
      found <- mean_up_to(e$days, e$event, day)
      keep("restricted", e$id, day, values = c(found, low = found$mean - z * found$std_error,
                                               high = found$mean + z * found$std_error))
    }
  }
  for (one in scales) {
    keep("medians", e$id, "r-print", one, values = middle(e$days, e$event, one))
    keep("medians", e$id, "r-midpoint", one,
         values = list(median = as.double(quantile(curve(e$days, e$event), 0.5)$quantile)))
  }
  fit <- curve(e$days, e$event, scale)
  for (day in unique(as.double(quantile(fit$time, seq(0, 1, 0.125), type = 1)))) {
    row <- which(fit$time == day)
    keep("curve", e$id, format(day, digits = 15), values = list(survival = fit$surv[row], low = fit$lower[row],
                                                             high = fit$upper[row], censored = fit$n.censor[row]))
  }
}

follow_up <- function(e, group, label) {
  own <- if (is.null(group)) rep(TRUE, length(e$days)) else group %in% label
  days <- e$days[own]
  event <- as.integer(e$code[own] > 0)
  for (scale in scales) {
    keep("follow-up", label, "keep", scale, values = middle(days, 1 - event, scale))
    keep("follow-up", label, "strict", scale, values = middle(earlier(days, event), 1 - event, scale))
  }
}

# --- groups and covariates --------------------------------------------------------------------------------------------
sums <- function(x) if (is.matrix(x)) rowSums(x) else x

tested <- function(days, event, level) {
  test <- suppressWarnings(survdiff(Surv(days, event) ~ level))
  df <- sum(sums(test$exp) > 0) - 1
  list(test = test, df = max(df, 0), chisq = if (df > 0) test$chisq else NA,
       p = if (df > 0) pchisq(test$chisq, df, lower.tail = FALSE) else NA)
}

terms_of <- function(fit) {
  shown <- suppressWarnings(summary(fit))
  limits <- suppressWarnings(confint(fit))
  estimable <- !is.na(coef(fit)) & fit$nevent > 0
  data.frame(term = names(coef(fit)), estimate = ifelse(estimable, exp(coef(fit)), NA),
             low = ifelse(estimable, exp(limits[, 1]), NA), high = ifelse(estimable, exp(limits[, 2]), NA),
             p = ifelse(estimable, shown$coefficients[, "Pr(>|z|)"], NA))
}

ratios <- function(...) terms_of(suppressWarnings(coxph(..., ties = "efron", control = tight)))

groups_compared <- function(e, group, scale, days) {
  known <- !is.na(group[e$who])
  level <- group[e$who][known]
  present <- sort(unique(level))
  if (length(present) < 2) return(invisible())
  time <- e$days[known]
  event <- e$event[known]
  test <- tested(time, event, level)
  ratio <- if (sum(event)) ratios(Surv(time, event) ~ factor(level)) else NULL
  for (k in seq_along(present)) {
    inside <- level == present[k]
    one <- middle(time[inside], event[inside], scale)
    names(one) <- c("median", "median_low", "median_high")
    hazard <- list()
    if (k > 1) {
      hazard <- list(hazard_ratio = NA, low = NA, high = NA)
      if (!is.null(ratio)) hazard[] <- ratio[k - 1, c("estimate", "low", "high")]
    }
    keep("groups", e$id, k, values = c(
      list(n = sum(inside), events = sum(event[inside]), expected = sums(test$test$exp)[[k]], chi_square = test$chisq,
           df = test$df, log_rank_p = test$p), one, hazard
    ))
  }
  ends <- vapply(present, function(one) max(time[level == one]), 0)
  horizon <- min(max(days), ends)
  if (length(present) == 2 && horizon > 0) {
    two <- lapply(present, function(one) mean_up_to(time[level == one], event[level == one], horizon))
    difference <- two[[2]]$mean - two[[1]]$mean
    error <- sqrt(two[[1]]$std_error^2 + two[[2]]$std_error^2)
    keep("group-means", e$id, values = list(
      horizon = horizon, mean_compared = two[[2]]$mean, mean_reference = two[[1]]$mean, difference = difference,
      std_error = error, low = difference - z * error, high = difference + z * error,
      p_value = 2 * pnorm(-abs(difference / error))
    ))
  }
}

covariates_compared <- function(e, rows, covariates) {
  if (sum(e$event) == 0) return(invisible())
  frame <- list()
  for (i in seq_len(nrow(covariates))) {
    line <- covariates[i, ]
    level <- levels_of(rows, line)[e$who]
    known <- !is.na(level)
    present <- sort(unique(level[known]))
    if (length(present) > 1) {
      test <- tested(e$days[known], e$event[known], level[known])
      ratio <- ratios(Surv(e$days[known], e$event[known]) ~ factor(level[known]))
      for (k in seq_along(present)) {
        inside <- known & level %in% present[k]
        values <- list(n = sum(inside), events = sum(e$event[inside]), p_log_rank = test$p)
        if (k > 1) values <- c(values, as.list(ratio[k - 1, c("estimate", "low", "high", "p")]))
        keep("subgroups", e$id, line$name, k, values = values)
      }
    }
    number <- !nzchar(line$detail)
    if (number && length(unique(na.omit(rows[[line$name]][e$who]))) > 1) {
      frame[[line$name]] <- as.double(rows[[line$name]][e$who])
    } else if (!number && length(present) > 1) {
      frame[[line$name]] <- factor(level)
    }
  }
  if (!length(frame)) return(invisible())
  models <- lapply(names(frame), function(name) frame[name])
  terms <- sum(vapply(frame, function(x) if (is.factor(x)) nlevels(x) - 1 else 1, 0))
  if (length(frame) > 1 && sum(e$event) >= 2 * terms) models <- c(models, list(frame))
  for (model in models) {
    name <- if (length(model) == 1) "one" else "all"
    own <- as.data.frame(model)
    fit <- suppressWarnings(coxph(Surv(e$days, e$event) ~ ., data = own, ties = "efron", control = tight))
    table <- terms_of(fit)
    for (variable in names(model)) {
      mine <- table[sub("[0-9]+$", "", table$term) == variable | table$term == variable, ]
      for (k in seq_len(nrow(mine))) {
        keep("cox", e$id, name, variable, k, values = c(
          as.list(mine[k, c("estimate", "low", "high", "p")]), list(fitted_n = fit$n, fitted_events = fit$nevent)
        ))
      }
    }
  }
}

# --- transplantation --------------------------------------------------------------------------------------------------
transplants <- function(e, landmark, scale, days) {
  before <- !is.na(e$transplant) & e$transplant < e$days
  cut_days <- ifelse(before, e$transplant, e$days)
  cut_event <- ifelse(before, 0L, e$event)
  day <- max(days)
  for (way in c("no", "yes")) {
    time <- if (way == "yes") cut_days else e$days
    event <- if (way == "yes") cut_event else e$event
    one <- middle(time, event, scale)
    names(one) <- c("median", "median_low", "median_high")
    at <- read(time, event, day, scale)
    keep("censored", e$id, way, values = c(list(n = length(time), events = sum(event)), one, at[c("survival", "low", "high")]))
  }
  if (!e$everybody) return(invisible())
  ever <- as.integer(!is.na(e$transplant) & e$transplant <= e$days)
  counted <- function(way, table, more = list()) {
    keep("transplant", e$id, way, values = c(
      list(hazard_ratio = table$estimate, low = table$low, high = table$high, p_value = table$p), more
    ))
  }
  counted("naive", ratios(Surv(e$days, e$event) ~ ever))
  inside <- e$days >= landmark
  by_then <- as.integer(!is.na(e$transplant) & e$transplant <= landmark)[inside]
  after <- e$days[inside] - landmark
  event <- e$event[inside]
  test <- tested(after, event, by_then)
  counted("landmark", ratios(Surv(after, event) ~ by_then), list(log_rank_p = test$p))
  own <- data.frame(id = seq_along(e$days), time = e$days, event = e$event, transplant = e$transplant)
  own$origin <- if (min(own$time) == 0) -1 else 0
  made <- tmerge(own, own, id = id, tstart = origin, tstop = time)
  made <- tmerge(made, own, id = id, happened = event(time, event), moved = tdc(transplant))
  counted("changing", ratios(Surv(tstart, tstop, happened) ~ moved, data = made))
}

# --- endpoints from response, relapse and death -----------------------------------------------------------------------
derived <- function(rows, e, day) {
  failed <- responders(rows)[e$who] %in% 0
  relapse <- rows$relapse_days[e$who]
  relapsed <- !is.na(relapse)
  days <- ifelse(failed, pmin(day, e$days), ifelse(relapsed, relapse, e$days))
  list(id = "EFS", days = days, event = as.integer(failed | relapsed | e$event == 1), who = e$who, everybody = TRUE,
       transplant = rows$transplant_days[e$who])
}

from_remission <- function(rows, e) {
  inside <- responders(rows)[e$who] %in% 1 & !is.na(rows$response_days[e$who])
  who <- e$who[inside]
  start <- rows$response_days[who]
  relapse <- rows$relapse_days[who]
  relapsed <- !is.na(relapse)
  dead <- e$event[inside] == 1
  one <- list(days = ifelse(relapsed, relapse, e$days[inside]) - start, who = who, everybody = FALSE,
              transplant = rows$transplant_days[who] - start)
  list(RFS = c(one, list(id = "RFS", event = as.integer(relapsed | dead))), DOR = c(one, list(id = "DOR", event = as.integer(relapsed))),
       CIR = c(one, list(id = "CIR", code = ifelse(relapsed, 1L, 2L * dead), causes = 1)))
}

non_response <- function(rows, efs, os, days, scale, given) {
  for (name in c(if (given) "as in the file", "day 0", "day 1", "day 28")) {
    day <- suppressWarnings(as.integer(sub("day ", "", name)))
    one <- efs
    if (!is.na(day)) {
      failed <- responders(rows)[efs$who] %in% 0
      one$days <- ifelse(failed, pmin(day, os$days[match(efs$who, os$who)]), efs$days)
      one$event <- ifelse(failed, 1L, efs$event)
    }
    last <- mean_up_to(one$days, one$event, max(days))
    half <- middle(one$days, one$event, scale)
    for (at in days) {
      keep("non-response", name, at, values = c(read(one$days, one$event, at, scale, extend = TRUE), list(
        median = half$median, median_low = half$low, median_high = half$high, restricted_mean = last$mean,
        restricted_mean_error = last$std_error
      )))
    }
  }
}

# --- competing risks --------------------------------------------------------------------------------------------------
incidence <- function(e, group, days, scale) {
  level <- if (is.null(group)) rep(1L, length(e$days)) else group[e$who]
  known <- !is.na(level)
  present <- sort(unique(level[known]))
  grouped <- length(present) > 1
  if (!grouped) known <- rep(TRUE, length(e$days))
  tests <- if (grouped) cuminc(e$days[known], e$code[known], level[known])$Tests else NULL
  for (one in if (grouped) present else "all") {
    inside <- known & (one == "all" | level %in% one)
    states <- factor(e$code[inside], 0:(1 + e$causes))
    fit <- survfit(Surv(e$days[inside], states) ~ 1, conf.type = scale)
    for (cause in seq_len(1 + e$causes)) {
      naive <- curve(e$days[inside], as.integer(e$code[inside] == cause))
      for (day in days) {
        row <- max(c(0, which(fit$time <= day)))
        beyond <- day > max(e$days[inside])
        gone <- beyond && tail(fit$pstate[, 1], 1) > 0
        pick <- function(name, before) if (gone) NA else if (row == 0) before else fit[[name]][row, cause + 1]
        edge <- if (scale == "plain") 0 else NA
        keep("incidence", e$id, one, cause, day, values = list(
          incidence = pick("pstate", 0), std_error = pick("std.err", 0), low = pick("lower", edge), high = pick("upper", edge),
          events = sum(e$code[inside] == cause & e$days[inside] <= day),
          one_minus_km = if (beyond && tail(naive$surv, 1) > 0) NA else if (row == 0) 0 else 1 - naive$surv[row]
        ))
      }
    }
  }
  # cuminc answers -1 where it finds the variance singular; then there is nothing to compare with.
  for (cause in rownames(tests)[tests[, "stat"] >= 0]) {
    keep("gray", e$id, cause, values = list(gray_chi_square = tests[cause, "stat"], gray_p = tests[cause, "pv"]))
  }
}

# --- counts and rates -------------------------------------------------------------------------------------------------
rate <- function(count, n, ..., more = list()) {
  limits <- binom.test(count, n)$conf.int
  keep(..., values = c(list(count = count, n = n, estimate = count / n, low = limits[1], high = limits[2]), more))
}

described <- function(rows, covariates, group) {
  for (i in seq_len(nrow(covariates))) {
    line <- covariates[i, ]
    values <- rows[[line$name]]
    for (one in c("all", if (!is.null(group)) sort(unique(na.omit(group))))) {
      own <- if (one == "all") values else values[group %in% as.integer(one)]
      known <- own[!is.na(own)]
      if (nzchar(line$detail)) {
        if (line$name == group_name) next
        for (level in parts(line$detail)) {
          keep("table-one", line$name, level, one, values = list(
            n = sum(known == level), percent = 100 * sum(known == level) / length(known), missing = sum(is.na(own))
          ))
        }
      } else {
        at <- quantile(known, c(0.5, 0.25, 0.75, 0, 1), type = 7)
        names(at) <- c("median", "q1", "q3", "min", "max")
        keep("table-one", line$name, "", one, values = c(list(n = length(known), missing = sum(is.na(own))), as.list(at)))
      }
    }
  }
}

responses <- function(rows, covariates) {
  yes <- responders(rows)
  kinds <- list(cr = rows$cr, cri = rows$cri, mrd_negative = rows$mrd_negative, either = if ("cri" %in% names(rows)) yes)
  for (name in names(Filter(Negate(is.null), kinds))) {
    for (who in c("all", if (name == "mrd_negative") "remission")) {
      own <- if (who == "all") kinds[[name]] else kinds[[name]][yes %in% 1]
      rate(sum(own %in% 1), length(own), "rates", name, who)
      if (anyNA(own)) rate(sum(own %in% 1), sum(!is.na(own)), "rates", name, paste(who, "recorded"))
    }
  }
  for (i in seq_len(nrow(covariates))) {
    level <- levels_of(rows, covariates[i, ])
    for (k in sort(unique(na.omit(level)))) {
      own <- yes[level %in% k]
      first <- yes[level %in% 1]
      p <- fisher.test(matrix(c(sum(own), sum(1 - own), sum(first), sum(1 - first)), 2))$p.value
      rate(sum(own), length(own), "response", covariates$name[i], k, more = if (k > 1) list(p = p))
    }
  }
}

toxicities <- function(rows) {
  for (name in intersect(c("crs_grade", "icans_grade", "agvhd_grade"), names(rows))) {
    grade <- rows[[name]][!is.na(rows[[name]])]
    rate(sum(grade >= 1), length(grade), "toxicity", name, "any")
    rate(sum(grade >= 3), length(grade), "toxicity", name, "severe")
  }
}

# --- every study ------------------------------------------------------------------------------------------------------
for (folder in sort(list.dirs(arguments[1], recursive = FALSE))) {
  study <- basename(folder)
  rows <- read.csv(file.path(folder, "cohort.csv"), comment.char = "#", na.strings = "")
  analysis <- read.csv(file.path(folder, "analysis.csv"), colClasses = "character", na.strings = NULL)
  covariates <- told(analysis, "covariate")
  days <- as.double(told(analysis, "day")$detail)
  scale <- told(analysis, "interval")$detail
  group_name <- told(analysis, "group")$detail
  landmark <- as.double(told(analysis, "landmark")$detail)
  group <- if (group_name == "none") NULL else levels_of(rows, covariates[covariates$name == group_name, ])
  lines <- told(analysis, "endpoint")
  all_of <- lapply(seq_len(nrow(lines)), function(i) endpoint(rows, lines[i, ], parts(lines$detail[1])[5]))
  simple <- lapply(Filter(function(e) e$causes == 0, all_of), function(e) {
    e$event <- e$code
    if ("transplant_days" %in% names(rows)) e$transplant <- rows$transplant_days[e$who]
    e
  })
  rivals <- Filter(function(e) e$causes > 0, all_of)
  names(simple) <- vapply(simple, `[[`, "", "id")
  given <- "EFS" %in% names(simple)
  if (all(c("relapse_days", "response_days", "cr") %in% names(rows))) {
    if (!given) simple$EFS <- derived(rows, simple$OS, 1)
    later <- from_remission(rows, simple$OS)
    simple <- c(simple, later[c("RFS", "DOR")])
    if (!length(rivals)) rivals <- later["CIR"]
    non_response(rows, simple$EFS, simple$OS, days, scale, given)
  }
  for (e in simple) {
    survival_tables(e, days, scale)
    if (!is.null(group)) groups_compared(e, group, scale, days)
    if (e$everybody) covariates_compared(e, rows, covariates)
    if (!is.null(e$transplant)) transplants(e, landmark, scale, days)
  }
  for (e in rivals) incidence(e, group, days, scale)
  outer <- if ("OS" %in% names(simple)) simple$OS else all_of[[1]]
  follow_up(outer, NULL, "all")
  for (k in if (!is.null(group)) sort(unique(na.omit(group[outer$who])))) follow_up(outer, group[outer$who], k)
  described(rows, covariates, group)
  if ("cr" %in% names(rows)) responses(rows, covariates)
  toxicities(rows)
}
found <- do.call(rbind, found)
found$value <- ifelse(is.na(found$value), "NA", sprintf("%.17g", found$value))
write.csv(found, arguments[2], row.names = FALSE, quote = FALSE, eol = "\n")

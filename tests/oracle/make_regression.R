# Frozen results of R's survival package: log-rank tests, Cox regression, transplant as a time-dependent covariate and
# after a landmark. How to run it: README.md beside it.
shared <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
source(file.path(dirname(shared), "rows.R"))
tight <- coxph.control(eps = 1e-11, iter.max = 60)

# --- log-rank ---------------------------------------------------------------------------------------------------------
log_rank <- function(own, stratified) {
  formula <- if (stratified) Surv(time, code > 0) ~ group + strata(stratum) else Surv(time, code > 0) ~ group
  test <- suppressWarnings(survdiff(formula, data = own))
  sums <- function(x) if (is.matrix(x)) rowSums(x) else x
  expected <- sums(test$exp)
  df <- sum(expected > 0) - 1
  data.frame(
    dataset = own$dataset[1], strata = as.integer(stratified), group = sort(unique(own$group)),
    n = as.integer(sums(test$n)), observed = as.integer(sums(test$obs)), expected = as.double(expected),
    chisq = if (df > 0) test$chisq else NA_real_, df = max(df, 0),
    p = if (df > 0) pchisq(test$chisq, df, lower.tail = FALSE) else NA_real_
  )
}
# survdiff takes no (start, stop].
compared <- function(own) {
  if (!has(own, "group") || has_start(own)) return(NULL)
  rbind(log_rank(own, FALSE), if (has(own, "stratum")) log_rank(own, TRUE))
}
write_frozen(each(compared), "log_rank.csv")

# --- Cox --------------------------------------------------------------------------------------------------------------
response <- function(start) if (start) "Surv(start, time, event)" else "Surv(time, event)"

fitted_rows <- function(label, own, terms, ties, stratified, start) {
  formula <- as.formula(paste(response(start), "~", paste(c(terms, if (stratified) "strata(stratum)"), collapse = " + ")))
  fit <- suppressWarnings(coxph(formula, data = own, ties = ties, control = tight))
  shown <- suppressWarnings(summary(fit))
  infinite <- startsWith(own$dataset[1], "separated")
  estimable <- !is.na(coef(fit)) & fit$nevent > 0
  keep <- function(x) ifelse(estimable & !infinite, as.double(x), NA_real_)
  limits <- suppressWarnings(confint(fit, level = 0.9))
  tested <- sum(estimable)
  one <- function(x) if (tested > 0) as.double(x) else NA_real_
  table <- data.frame(
    label, ties = ties, strata = as.integer(stratified), term = terms, coef = keep(coef(fit)),
    se = keep(sqrt(diag(vcov(fit, complete = TRUE)))), z = keep(shown$coefficients[, "z"]),
    p = keep(shown$coefficients[, "Pr(>|z|)"]), low90 = keep(exp(limits[, 1])), high90 = keep(exp(limits[, 2]))
  )
  fits <- data.frame(
    label, ties = ties, strata = as.integer(stratified), n = fit$n, events = as.integer(fit$nevent), df = tested,
    loglik0 = fit$loglik[1], loglik1 = if (tested > 0) fit$loglik[2] else fit$loglik[1],
    lr_p = one(shown$logtest["pvalue"]), wald = if (infinite) NA_real_ else one(fit$wald.test),
    score = one(fit$score), concordance = as.double(shown$concordance[1]), concordance_se = as.double(shown$concordance[2])
  )
  list(table = table, fits = fits)
}

all_fits <- list()
keep_fit <- function(...) all_fits[[length(all_fits) + 1]] <<- fitted_rows(...)
for (own in cohorts) {
  terms <- terms_of(own)
  if (length(terms) == 0 || has(own, "exposure")) next
  # Cause 1 after another is the cause-specific hazard; cohorts with one kind of event have only the first.
  for (cause in if (any(own$code > 1)) c(0, 1, 2) else 0) {
    own$event <- as.integer(if (cause == 0) own$code > 0 else own$code == cause)
    label <- data.frame(dataset = own$dataset[1], analysis = if (cause == 0) "any" else paste0("cause", cause))
    for (ties in c("efron", "breslow")) {
      keep_fit(label, own, terms, ties, FALSE, has_start(own))
      if (has(own, "stratum")) keep_fit(label, own, terms, ties, TRUE, has_start(own))
    }
  }
}

# Transplant as a covariate that changes: the rows are made by tmerge.
for (own in cohorts) {
  if (!has(own, "exposure")) next
  own$id <- seq_len(nrow(own))
  own$start <- NULL
  own$origin <- if (min(own$time) == 0) -1 else 0
  split_rows <- tmerge(own, own, id = id, tstart = origin, tstop = time)
  split_rows <- tmerge(split_rows, own, id = id, event = event(time, as.integer(code > 0)), tx = tdc(exposure))
  made <- data.frame(dataset = own$dataset[1], start = split_rows$tstart, time = split_rows$tstop,
                     event = split_rows$event, x1 = as.double(split_rows$tx), x2 = split_rows$x2, x3 = split_rows$x3)
  terms <- Filter(function(x) has(made, x), c("x1", "x2", "x3"))
  label <- data.frame(dataset = own$dataset[1], analysis = "time-dependent")
  for (ties in c("efron", "breslow")) keep_fit(label, made, terms, ties, FALSE, TRUE)
}

# The same patients from a landmark on.
landmarks <- list()
for (own in cohorts) {
  if (!has(own, "exposure")) next
  for (day in as.double(quantile(own$time, c(0.1, 0.25, 0.4), type = 1))) {
    inside <- own[own$time >= day, ]
    inside$event <- as.integer(inside$code > 0)
    inside$exposed <- as.integer(!is.na(inside$exposure) & inside$exposure <= day)
    inside$time <- inside$time - day
    left <- own[own$time < day, ]
    test <- survdiff(Surv(time, event) ~ exposed, data = inside)
    fit <- coxph(Surv(time, event) ~ exposed, data = inside, control = tight)
    landmarks[[length(landmarks) + 1]] <- data.frame(
      dataset = own$dataset[1], day = day, n = nrow(inside), exposed = sum(inside$exposed),
      events_before = sum(left$code > 0), censored_before = sum(left$code == 0), chisq = test$chisq,
      coef = as.double(coef(fit)), se = sqrt(as.double(vcov(fit)))
    )
  }
}
write_frozen(do.call(rbind, lapply(all_fits, `[[`, "table")), "cox_terms.csv")
write_frozen(do.call(rbind, lapply(all_fits, `[[`, "fits")), "cox_fits.csv")
write_frozen(do.call(rbind, landmarks), "landmark_analysis.csv")

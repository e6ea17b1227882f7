# Frozen summaries over studies. R's packages for them (lme4, metafor) are not asked for: both likelihoods are written out
# again here, the binomial-normal one by Simpson's rule and integrate(), and climbed with optimize() and uniroot() alone; at tau = 0 the
# common rate is that of glm(). Nothing of it is shared with our own code. How to run it: README.md beside it.
folder <- commandArgs(TRUE)[2]

proportions <- list(
  alike = list(k = c(18, 34, 11, 30), n = c(22, 43, 14, 36)),
  full = list(k = c(18, 34, 11, 30, 13, 22), n = c(22, 43, 14, 36, 13, 22)),
  rare = list(k = c(3, 7, 3, 0), n = c(22, 43, 13, 13)),
  zeros = list(k = c(0, 0, 3, 9), n = c(22, 43, 28, 127)),
  scattered = list(k = c(2, 40, 5, 90, 0), n = c(30, 60, 50, 100, 20)),
  three = list(k = c(2, 5, 11), n = c(12, 25, 20)),
  two = list(k = c(1, 6), n = c(10, 12)),
  large = list(k = c(40, 95, 160), n = c(110, 185, 269))
)
effects <- list(
  alike = list(y = c(-0.1, 0.0, -0.2), s = c(0.3, 0.25, 0.4)),
  scattered = list(y = c(-0.12, -0.17, -0.93, -0.97, 0.4), s = c(0.35, 0.3, 0.38, 0.42, 0.2)),
  two = list(y = c(0.2, 1.1), s = c(0.2, 0.25)),
  many = list(y = c(0.1, 0.3, -0.2, 0.8, 0.5, 0.45, -0.6), s = c(0.1, 0.2, 0.15, 0.3, 0.12, 0.22, 0.4))
)

expit <- function(x) 1 / (1 + exp(-x))

# The integrals by Simpson's rule on a fixed grid; integrate() has the last word on the height of each maximum.
u <- seq(-12, 12, length.out = 2401)
weights <- c(1, rep(c(4, 2), length.out = 2399), 1) * 0.01 / 3 * dnorm(u)
likelihood <- function(mu, tau, k, n) {
  if (tau == 0) return(sum(dbinom(k, n, expit(mu), log = TRUE)))
  p <- expit(mu + tau * u)
  sum(vapply(seq_along(k), function(i) log(sum(weights * dbinom(k[i], n[i], p))), 0))
}
exactly <- function(mu, tau, k, n) {
  if (tau == 0) return(sum(dbinom(k, n, expit(mu), log = TRUE)))
  sum(vapply(seq_along(k), function(i) {
    f <- function(u) dnorm(u) * dbinom(k[i], n[i], expit(mu + tau * u))
    cuts <- seq(-12, 12, 0.5)
    log(sum(mapply(function(a, b) integrate(f, a, b, rel.tol = 1e-11)$value, head(cuts, -1), tail(cuts, -1))))
  }, 0))
}
highest <- function(f, low, high, cuts = 8) {
  places <- seq(low, high, length.out = cuts + 1)
  values <- vapply(places, f, 0)
  best <- which.max(values)
  found <- optimize(f, places[c(max(best - 1, 1), min(best + 1, cuts + 1))], maximum = TRUE, tol = 1e-8)
  if (found$objective > values[best]) c(found$maximum, found$objective) else c(places[best], values[best])
}
over_tau <- function(f) {
  small <- highest(f, 0, 2)
  wide <- highest(f, 2, 12, 4)
  if (wide[2] > small[2]) wide else small
}
# For a tau the likelihood has one maximum in mu.
over_mu <- function(f) {
  found <- optimize(f, c(-12, 12), maximum = TRUE, tol = 1e-8)
  c(found$maximum, found$objective)
}
crossing <- function(f, inside, outside) {
  if (f(outside) >= 0) return(if (outside == 12) Inf else outside)
  if (f(inside) <= 0) return(inside)
  uniroot(f, sort(c(inside, outside)), tol = 1e-8)$root
}

rows <- NULL
summaries <- NULL
for (name in names(proportions)) {
  k <- proportions[[name]]$k
  n <- proportions[[name]]$n
  rows <- rbind(rows, data.frame(case = name, count = k, n = n))
  by_tau <- function(tau) over_mu(function(mu) likelihood(mu, tau, k, n))
  top <- over_tau(function(tau) by_tau(tau)[2])
  tau <- top[1]
  mu <- by_tau(tau)[1]
  drop <- qchisq(0.95, 1) / 2
  of_mu <- function(mu) over_tau(function(tau) likelihood(mu, tau, k, n))[2] - top[2] + drop
  of_tau <- function(tau) by_tau(tau)[2] - top[2] + drop
  if (tau < 0.005) {
    fit <- glm(cbind(k, n - k) ~ 1, family = binomial, control = glm.control(epsilon = 1e-14))
    error <- summary(fit)$coefficients[1, 2]
    stopifnot(abs(coef(fit) - mu) < 1e-5)
  } else {
    h <- 2e-3
    f <- function(a, b) likelihood(mu + a * h, tau + b * h, k, n)
    second <- matrix(c(f(1, 0) - 2 * f(0, 0) + f(-1, 0), (f(1, 1) - f(1, -1) - f(-1, 1) + f(-1, -1)) / 4,
                       (f(1, 1) - f(1, -1) - f(-1, 1) + f(-1, -1)) / 4, f(0, 1) - 2 * f(0, 0) + f(0, -1)), 2) / h^2
    error <- sqrt(solve(-second)[1, 1])
  }
  summaries <- rbind(summaries, data.frame(
    case = name, mu = mu, tau = tau, log_likelihood = exactly(mu, tau, k, n), error = error,
    mu_low = crossing(of_mu, mu, -12), mu_high = crossing(of_mu, mu, 12.5),
    tau_low = crossing(of_tau, tau, 0), tau_high = crossing(of_tau, tau, 12)
  ))
}
write.csv(rows, file.path(folder, "pooled_counts.csv"), row.names = FALSE)
summaries[-1] <- lapply(summaries[-1], signif, 12)
write.csv(summaries, file.path(folder, "pooled_proportions.csv"), row.names = FALSE)

rows <- NULL
summaries <- NULL
for (name in names(effects)) {
  y <- effects[[name]]$y
  s <- effects[[name]]$s
  k <- length(y)
  rows <- rbind(rows, data.frame(case = name, effect = y, error = s))
  # The restricted likelihood as that of k - 1 contrasts, which do not know mu.
  contrasts <- t(qr.Q(qr(matrix(1, k, 1)), complete = TRUE)[, -1, drop = FALSE])
  restricted <- function(tau2) {
    v <- contrasts %*% diag(s^2 + tau2) %*% t(contrasts)
    z <- contrasts %*% y
    as.double(-(determinant(v)$modulus + t(z) %*% solve(v, z)) / 2)
  }
  tau2 <- highest(restricted, 0, 4, 200)[1]
  if (restricted(0) >= restricted(tau2)) tau2 <- 0
  v <- s^2 + tau2
  fit <- lm(y ~ 1, weights = 1 / v)
  scatter <- sum(residuals(fit)^2 / v) / (k - 1)
  error <- sqrt(max(1, scatter) / sum(1 / v))
  q <- function(tau) deviance(lm(y ~ 1, weights = 1 / (s^2 + tau^2)))
  limit <- function(p) if (q(0) <= qchisq(p, k - 1)) 0 else uniroot(function(x) q(x) - qchisq(p, k - 1), c(0, 1000), tol = 1e-11)$root
  reach <- qt(0.975, k - 1) * error
  beyond <- if (k > 2) qt(0.975, k - 2) * sqrt(tau2 + error^2) else NA
  summaries <- rbind(summaries, data.frame(
    case = name, mu = coef(fit), error = error, low = coef(fit) - reach, high = coef(fit) + reach, tau = sqrt(tau2),
    tau_low = limit(0.975), tau_high = limit(0.025), predicted_low = coef(fit) - beyond, predicted_high = coef(fit) + beyond
  ))
}
write.csv(rows, file.path(folder, "pooled_effects_rows.csv"), row.names = FALSE)
summaries[-1] <- lapply(summaries[-1], signif, 12)
write.csv(summaries, file.path(folder, "pooled_effects.csv"), row.names = FALSE)

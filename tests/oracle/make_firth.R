# Frozen maxima of Firth's penalised partial likelihood. R's packages in Debian have no such model, so it is put together
# from what coxph says at fixed coefficients (no iteration): l* = loglik + log det(information) / 2, climbed by Newton's
# method with derivatives by differences. Nothing of it is shared with our own code. How to run it: README.md beside it.
shared <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
source(file.path(dirname(shared), "rows.R"))

still <- coxph.control(iter.max = 0)

# l* as a function of the coefficients; far out, where weights overflow, it is as good as minus infinity.
penalised <- function(own, terms, ties) {
  x <- as.matrix(own[terms])
  fit_at <- if (has_start(own)) {
    y <- Surv(own$start, own$time, own$code > 0)
    function(b) agreg.fit(x, y, NULL, NULL, b, still, NULL, ties, NULL)
  } else {
    y <- Surv(own$time, own$code > 0)
    function(b) coxph.fit(x, y, NULL, NULL, b, still, NULL, ties, NULL)
  }
  function(b) {
    if (max(abs(x %*% b)) > 100) return(-1e6)
    fit <- suppressWarnings(fit_at(b))
    information <- determinant(as.matrix(fit$var))
    value <- fit$loglik[2] - as.double(information$modulus) / 2
    if (is.finite(value) && information$sign > 0) value else -1e6
  }
}

# Differences of sixth order.
weights <- c(-1, 9, -45, 45, -9, 1) / 60
offsets <- c(-3, -2, -1, 1, 2, 3)
gradient <- function(f, b, h) {
  vapply(seq_along(b), function(k) {
    sum(weights * vapply(offsets, function(o) f(replace(b, k, b[k] + o * h[k])), 0)) / h[k]
  }, 0)
}
hessian <- function(f, b, h) {
  rows <- vapply(seq_along(b), function(k) {
    (gradient(f, replace(b, k, b[k] + h[k] / 8), h) - gradient(f, replace(b, k, b[k] - h[k] / 8), h)) / (h[k] / 4)
  }, b)
  rows <- matrix(rows, length(b))
  (rows + t(rows)) / 2
}

# Newton's method for a list of equations; steps are kept short at first.
solve_for <- function(b, equations, slopes, h) {
  for (i in 1:80) {
    step <- -as.double(solve(slopes(b), equations(b)))
    longest <- max(abs(step) / h)
    b <- b + step * min(1, 100 / longest)
    if (longest < 1e-10) break
  }
  b
}

firth <- function(own, terms, ties) {
  f <- penalised(own, terms, ties)
  zero <- rep(0, length(terms))
  h <- 0.02 / apply(own[terms], 2, sd)
  # With few events there may be two maxima: a grid is searched, and the bumps of a line or the best places of a plane are
  # climbed. Along a line the height alone is asked for, which golden section gives to the last digit.
  reach <- 1 / apply(own[terms], 2, sd)
  along <- function(b, k) {
    inside <- function(x) f(replace(b, k, x))
    places <- around[k] + seq(-16, 16, 0.8) * reach[k]
    heights <- vapply(places, inside, 0)
    bumps <- which(diff(sign(diff(heights))) < 0) + 1
    max(vapply(bumps, function(i) optimize(inside, places[i + c(-1, 1)], maximum = TRUE, tol = 1e-9)$objective, 0))
  }
  climb <- function() {
    grid <- as.matrix(expand.grid(lapply(seq_along(terms), function(k) seq(-16, 16, 0.8) * reach[k])))
    starts <- grid[order(-apply(grid, 1, f))[1:8], , drop = FALSE]
    tops <- lapply(seq_len(nrow(starts)), function(i) {
      best <- starts[i, ]
      if (length(terms) > 1) best <- optim(best, function(x) -f(x), method = "Nelder-Mead")$par
      solve_for(best, function(x) gradient(f, x, h), function(x) hessian(f, x, h), h)
    })
    tops[[which.max(vapply(tops, f, 0))]]
  }
  peak <- around <- as.double(climb())
  top <- f(peak)
  error <- sqrt(diag(as.matrix(solve(-hessian(f, peak, h)))))
  # Twice the drop from the peak to the highest place with one coefficient held fixed.
  drop <- function(k, x) {
    others <- setdiff(seq_along(terms), k)
    b <- replace(peak, k, x)
    2 * (top - (if (length(others)) along(b, others) else f(b)))
  }
  limit <- function(k, side) {
    excess <- function(x) drop(k, x) - qchisq(0.95, 1)
    far <- peak[k] + side * 1.96 * error[k]
    while (excess(far) < 0) far <- far + side * 1.96 * error[k]
    uniroot(excess, sort(c(far, far - side * 1.96 * error[k])), tol = 1e-13, maxiter = 200)$root
  }
  data.frame(
    dataset = own$dataset[1], ties = ties, term = terms, coef = peak, loglik = top, loglik0 = f(zero),
    low = vapply(seq_along(terms), limit, 0, side = -1), high = vapply(seq_along(terms), limit, 0, side = 1),
    chisq = vapply(seq_along(terms), drop, 0, x = 0)
  )
}

chosen <- c("separated_one", "separated_sum", "separated_tied", "leukemia", "late_entry", "ties_of_all", "alloauto", "hodg")
results <- lapply(chosen, function(name) {
  own <- cohorts[[name]]
  terms <- terms_of(own)[seq_len(min(2, length(terms_of(own))))]
  rbind(firth(own, terms, "breslow"), firth(own, terms, "efron"))
})
write_frozen(do.call(rbind, results), "firth.csv")

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
    fit$loglik[2] - as.double(determinant(as.matrix(fit$var))$modulus) / 2
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
  climb <- function(b, free) {
    inside <- function(x) f(replace(b, free, x))
    best <- optim(b[free], function(x) -inside(x), method = if (length(free) > 1) "Nelder-Mead" else "BFGS")$par
    replace(b, free, solve_for(best, function(x) gradient(inside, x, h[free]), function(x) hessian(inside, x, h[free]), h[free]))
  }
  peak <- climb(zero, seq_along(terms))
  top <- f(peak)
  error <- sqrt(diag(solve(-hessian(f, peak, h))))
  limit <- function(k, side) {
    others <- setdiff(seq_along(terms), k)
    # First the profile at some distance, then all equations together: the drop, and no slope along the other terms.
    reached <- function(x) {
      b <- replace(peak, k, x)
      if (length(others)) climb(b, others) else b
    }
    far <- peak[k] + side * 1.96 * error[k]
    for (i in 1:200) {
      drop <- top - f(reached(far))
      if (abs(drop - qchisq(0.95, 1) / 2) < 0.05) break
      far <- peak[k] + (far - peak[k]) * sqrt(qchisq(0.95, 1) / 2 / drop)
    }
    equations <- function(b) {
      slope <- gradient(f, b, h)
      replace(slope, k, f(b) - top + qchisq(0.95, 1) / 2)
    }
    slopes <- function(b) {
      rows <- hessian(f, b, h)
      rows[k, ] <- gradient(f, b, h)
      rows
    }
    solve_for(reached(far), equations, slopes, h)[k]
  }
  data.frame(
    dataset = own$dataset[1], ties = ties, term = terms, coef = peak, loglik = top, loglik0 = f(zero),
    low = vapply(seq_along(terms), limit, 0, side = -1), high = vapply(seq_along(terms), limit, 0, side = 1),
    chisq = vapply(seq_along(terms), function(k) {
      others <- setdiff(seq_along(terms), k)
      2 * (top - f(if (length(others)) climb(replace(peak, k, 0), others) else 0))
    }, 0)
  )
}

chosen <- c("separated_one", "separated_sum", "separated_tied", "leukemia", "late_entry", "ties_of_all", "alloauto", "hodg")
results <- lapply(chosen, function(name) {
  own <- cohorts[[name]]
  terms <- terms_of(own)[seq_len(min(2, length(terms_of(own))))]
  rbind(firth(own, terms, "breslow"), firth(own, terms, "efron"))
})
write_frozen(do.call(rbind, results), "firth.csv")

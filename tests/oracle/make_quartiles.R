# Quartiles of made-up samples by R's types 7, 6 and 2, to 17 digits: frozen/quartiles.csv.
# Usage: Rscript tests/oracle/make_quartiles.R > tests/oracle/frozen/quartiles.csv
# Frozen with R 4.2.2; base R only.

samples <- list(
  one = 7,
  two = c(1, 4),
  three = c(2, 3, 11),
  four = c(1, 2, 4, 8),
  five = c(5, 1, 3, 3, 9),
  nine = c(12.5, 3.25, 7, 7, 7, 1, 30, 18.75, 2),
  ties = c(0, 0, 0, 0, 1, 1, 1, 1),
  ages = c(3, 9, 12, 17, 21, 24, 24, 28, 31, 33, 35, 36, 39, 41, 44, 45, 48, 50, 52, 57, 61, 70),
  wave = round(40 + 30 * sin(1:101)^3, 2),
  skewed = round(exp(abs(cos(1:250)) * 4), 3)
)
types <- c("R (type 7)" = 7, "SPSS (type 6)" = 6, "SAS (type 2)" = 2)

cat("sample,values,rule,q1,median,q3\n")
for (name in names(samples)) {
  x <- samples[[name]]
  for (rule in names(types)) {
    q <- quantile(x, c(0.25, 0.5, 0.75), type = types[[rule]], names = FALSE)
    cat(name, paste(format(x, digits = 17, trim = TRUE), collapse = " "), rule,
        paste(sprintf("%.17g", q), collapse = ","), sep = ",")
    cat("\n")
  }
}

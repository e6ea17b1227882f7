# Real cohorts of R's own packages as R has them, one CSV file each, from which notebook_studies.py makes study folders.
#   Rscript rows_of_packages.R folder
folder <- commandArgs(trailingOnly = TRUE)[1]
suppressPackageStartupMessages(library(survival))
utils::data(list = c("bmt", "alloauto"), package = "KMsurv", envir = environment())
for (name in c("bmt", "alloauto", "myeloid", "veteran")) {
  own <- get(name)
  number <- vapply(own, is.double, logical(1))
  own[number] <- lapply(own[number], function(x) ifelse(is.na(x), "", sprintf("%.17g", x)))
  write.csv(own, file.path(folder, paste0(name, ".csv")), row.names = FALSE, quote = FALSE, eol = "\n", na = "")
}

# What the scripts of this folder share: the rows Python wrote, the cohorts of R's own packages, and how results are frozen.
#   Rscript make_….R rows.csv folder [rows of R's own cohorts, written there for Python]
suppressPackageStartupMessages({
  library(survival)
})

arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[2]
from_python <- read.csv(arguments[1], colClasses = c(
  dataset = "character", start = "numeric", time = "numeric", code = "integer", group = "character",
  stratum = "character", x1 = "numeric", x2 = "numeric", x3 = "numeric", exposure = "numeric"
))

write_frozen <- function(frame, name) {
  number <- vapply(frame, is.double, logical(1))
  frame[number] <- lapply(frame[number], function(x) ifelse(is.na(x), "NA", sprintf("%.17g", x)))
  write.csv(frame, file.path(folder, name), row.names = FALSE, quote = FALSE, eol = "\n")
}

cohort <- function(dataset, time, code, group = NA, stratum = NA, x1 = NA, x2 = NA, x3 = NA, exposure = NA) {
  data.frame(
    dataset = dataset, start = NA_real_, time = as.double(time), code = as.integer(code), group = as.character(group),
    stratum = as.character(stratum), x1 = as.double(x1), x2 = as.double(x2), x3 = as.double(x3),
    exposure = as.double(exposure)
  )
}

of_package <- function(name) {
  utils::data(list = name, package = "KMsurv", envir = environment())
  get(name)
}

# Cohorts of transplant patients first: leukaemia (allogeneic), leukaemia and Hodgkin's disease (both kinds), acute myeloid
# leukaemia (transplant on the way), liver and heart waiting lists, cirrhosis (transplant 1, death 2). Relapse is 1, death in remission 2.
bmt <- of_package("bmt")
alloauto <- of_package("alloauto")
hodg <- of_package("hodg")
waiting <- survival::transplant
jasa <- survival::jasa
plasma <- survival::mgus2
cirrhosis <- survival::pbc[!is.na(survival::pbc$trt), ]
from_packages <- rbind(
  cohort("bmt", bmt$t2, ifelse(bmt$d2 == 1, 1, 2 * bmt$d1), bmt$group, bmt$z3, bmt$z1, bmt$z10, bmt$z8,
         ifelse(bmt$dp == 1, bmt$tp, NA)),
  cohort("alloauto", alloauto$time, alloauto$delta, alloauto$type, x1 = alloauto$type),
  cohort("hodg", hodg$time, hodg$delta, hodg$gtype, hodg$dtype, hodg$score, hodg$wtime, hodg$gtype),
  cohort("myeloid", myeloid$futime, myeloid$death, myeloid$trt, myeloid$sex, myeloid$trt == "B", myeloid$sex == "m",
         exposure = myeloid$txtime),
  cohort("liver_waiting", waiting$futime, as.integer(waiting$event) - 1, waiting$sex, x1 = waiting$age,
         x2 = waiting$sex == "f"),
  cohort("heart_waiting", jasa$futime, jasa$fustat, jasa$surgery, x2 = jasa$age, x3 = jasa$surgery,
         exposure = jasa$wait.time),
  cohort("veteran", veteran$time, veteran$status, veteran$celltype, veteran$trt, veteran$karno, veteran$age,
         veteran$prior),
  cohort("mgus", ifelse(plasma$pstat == 1, plasma$ptime, plasma$futime),
         ifelse(plasma$pstat == 1, 1, 2 * plasma$death), plasma$sex, x1 = plasma$age, x2 = plasma$mspike,
         x3 = plasma$hgb),
  cohort("cirrhosis", cirrhosis$time, cirrhosis$status, cirrhosis$trt, cirrhosis$sex, cirrhosis$age, log(cirrhosis$bili),
         cirrhosis$edema)
)
if (length(arguments) > 2) {
  shown <- from_packages
  number <- vapply(shown, is.double, logical(1))
  shown[number] <- lapply(shown[number], function(x) ifelse(is.na(x), "NA", sprintf("%.17g", x)))
  write.csv(shown, arguments[3], row.names = FALSE, quote = FALSE, eol = "\n")
}
rows <- rbind(from_python, from_packages)

# One data frame a cohort, in the order in which they came.
cohorts <- split(rows, factor(rows$dataset, unique(rows$dataset)))
each <- function(make) do.call(rbind, lapply(unname(cohorts), make))
has <- function(own, columns) all(vapply(columns, function(column) !all(is.na(own[[column]])), logical(1)))
terms_of <- function(own) Filter(function(x) has(own, x), c("x1", "x2", "x3"))
has_start <- function(own) !all(is.na(own$start))

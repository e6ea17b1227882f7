"""The benchmark: every figure the suite wants to reach, measured in one run (`python -m helpers.bench`)."""

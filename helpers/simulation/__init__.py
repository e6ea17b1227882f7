"""Simulations that put the inversion to the proof: cohorts whose truth is known, printed as papers print them."""

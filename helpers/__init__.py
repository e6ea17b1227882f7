"""Reproducibility tools for published CAR-T outcome studies."""

__version__ = "0.1.0"

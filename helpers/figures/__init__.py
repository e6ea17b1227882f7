"""Figures: each takes a tidy frame and returns the figure with the frame it plotted."""

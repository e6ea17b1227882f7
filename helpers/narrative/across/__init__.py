"""Studies beside each other, in words and as tables."""

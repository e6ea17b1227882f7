"""Running the notebooks, keeping their results honest, and writing the report."""

"""Draws: reconstructed patient-level tables, uniformly from all that print the paper's numbers."""

from helpers.inversion.draws.endpoints import outer_endpoint
from helpers.inversion.draws.tables import DrawnTables, PatientTables, as_frame, draw_arrays, draw_patients

__all__ = ["DrawnTables", "PatientTables", "as_frame", "draw_arrays", "draw_patients", "outer_endpoint"]

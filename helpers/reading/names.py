"""Endpoints and outcomes by the keys that claim ids are made of, and what a person calls them."""

from __future__ import annotations

ENDPOINT_NAMES = {
    "OS": "Overall survival",
    "EFS": "Event-free survival",
    "PFS": "Progression-free survival",
    "RFS": "Relapse-free survival",
    "LFS": "Leukaemia-free survival",
    "DFS": "Disease-free survival",
    "DSS": "Disease-specific survival",
    "FFS": "Failure-free survival",
    "GRFS": "GVHD-free, relapse-free survival",
    "DOR": "Duration of response",
}
SAFETY = frozenset(
    [
        "crs",
        "icans",
        "neurotoxicity",
        "agvhd",
        "cgvhd",
        "gvhd",
        "infection",
        "death",
        "treatment_death",
        "neutropenia",
        "anaemia",
        "thrombocytopenia",
        "cytopenia",
        "hlh",
        "tls",
    ]
)
OUTCOME_NAMES = {
    "mrd_negative_cr": "MRD-negative complete remission",
    "mrd_negative": "MRD-negative",
    "cr": "Complete remission",
    "orr": "Overall response",
    "orr_best": "Best overall response",
    "pr": "Partial response",
    "no_response": "No response",
    "ongoing": "Response ongoing",
    "crs": "Cytokine release syndrome",
    "icans": "ICANS",
    "neurotoxicity": "Neurotoxicity",
    "agvhd": "Acute GVHD",
    "cgvhd": "Chronic GVHD",
    "gvhd": "GVHD",
    "infection": "Infection",
    "death": "Death",
    "treatment_death": "Death from treatment",
    "relapse": "Relapse",
    "neutropenia": "Neutropenia",
    "anaemia": "Anaemia",
    "thrombocytopenia": "Thrombocytopenia",
    "cytopenia": "Cytopenia",
    "hlh": "HLH/MAS",
    "tls": "Tumour lysis syndrome",
}

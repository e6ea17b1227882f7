"""The parts of `helpers.ledger.cohort`: claims recomputed from patient-level rows under every convention."""

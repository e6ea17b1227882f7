"""What the project is built from: every locked package, its licence, its hashes."""

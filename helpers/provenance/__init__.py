"""Where results come from, written down for others, and checked by others: sums, research object, verification."""

MANIFEST = "manifest.json"
CRATE = "ro-crate-metadata.json"
SUMS = "SHA256SUMS"
SEALED = (MANIFEST, CRATE)  # what only the sums cover

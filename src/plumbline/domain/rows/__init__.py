"""What all rows share: keys, effective dates, row-level security, request scope."""

"""What exists and what happened: one Django app per room."""

"""Jobs, drafts, raw records and their evaluation: asks the rulebook and science, never a form."""

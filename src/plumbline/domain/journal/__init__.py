"""Append-only acts: who did what to which subject, when, in which role."""

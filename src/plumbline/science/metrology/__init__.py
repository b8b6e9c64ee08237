"""Errors of indication, uncertainty and conformity."""

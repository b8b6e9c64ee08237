"""Evidence: bytes that a stranger can check without us. Documents, seals, the log, bundles and the stand-alone check.

Knows no web framework, no database and no network; times, salts and keys are passed in.
"""

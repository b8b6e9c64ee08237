"""Issued, superseded and revoked certificates: and the current certificate of each instrument."""

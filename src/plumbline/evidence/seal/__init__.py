"""Seals: who signs (`signer`) and how a statement is wrapped with its signatures (`dsse`)."""

"""Verifiable draws (nqi-draw/v1): what was frozen, how chance was made together, who was drawn; anyone can redo it."""

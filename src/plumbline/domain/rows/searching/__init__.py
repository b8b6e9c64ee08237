"""Search shared by all rooms: what was typed, the phrases that meet it, pieces of numbers, and what each table brings.

A room answers for its own rows (its `searching.py`) out of these parts; a face puts the answers side by side.
"""

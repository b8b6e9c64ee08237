"""Rules as data: regulations, procedures, roles, time limits, calendar. Every value names its source and its status.

Answers what a rule says and where it was seen. Leaves arithmetic to `science` and what happened to `domain`.
"""

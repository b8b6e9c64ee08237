"""A stand for drills and benches: a copy of the platform with a data folder and a database of its own, and its city.

`copy` needs no Django and starts everything; what needs Django runs in child processes through `door`.
"""

"""Rehearsed failures, one file each with `run(say)`; `./plumbline drill [NAME]` runs them on copies of their own."""

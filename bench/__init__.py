"""Measurements, one file a subject: each has `run(report)`; `./plumbline bench [NAME]` writes docs/benchmarks.md."""

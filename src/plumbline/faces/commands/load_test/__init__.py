"""A province of invented instruments, cases and load-test rows, as many as asked for. Nothing in it is real."""

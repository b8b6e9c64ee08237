"""The face of the terminal: one module a verb, each with `run(arguments) -> exit code`."""

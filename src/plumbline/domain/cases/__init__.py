"""The engine of states, acts and deadlines: knows no procedure by name."""

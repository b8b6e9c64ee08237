"""What the benches do inside: the parts that need Django, the stopwatch, the load, the other side of a comparison."""

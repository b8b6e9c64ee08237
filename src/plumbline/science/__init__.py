"""Numbers from numbers: no clock, random, file, web or database."""

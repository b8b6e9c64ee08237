"""A file taken in as long work: opened, its columns explained, read in pieces, compared, and taken in at one stroke."""

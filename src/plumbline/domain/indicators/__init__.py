"""What the facts add up to: how many instruments are in order, how fast cases go, how often instruments fail."""

"""The drills themselves: that they pass at a small size, and that they would see what is wrong."""

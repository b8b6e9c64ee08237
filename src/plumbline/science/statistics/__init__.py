"""What counts and samples say, with how far they may be off."""

"""What stands before the product can run: its environment, its assets, its tests. Not part of the installed package."""

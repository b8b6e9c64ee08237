"""Addresses that programs read: the files of the transparency log."""

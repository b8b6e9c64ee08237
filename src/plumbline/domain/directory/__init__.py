"""Regions, organisations and people: effective-dated, low, so that every room may point to them."""

"""Signed statements, the queue, the sequencer and the tiles: the transparency log."""

"""Attachments by content hash: bytes on disk before the row that names them."""

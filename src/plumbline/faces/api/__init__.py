"""What programs read and write: the API with its document, and the files of the transparency log."""

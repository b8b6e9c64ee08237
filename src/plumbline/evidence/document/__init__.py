"""Documents: what a certificate says (`content`), its record (`dcc`, `schema`, `facts`) and its view (`pdf`)."""

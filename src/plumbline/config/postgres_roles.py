"""Names of the database and its roles, apart from the code that makes them, so that settings need no driver."""

SUPER, OWNER, APP = "plumbline_super", "plumbline_owner", "plumbline_app"
DATABASE = "plumbline"

"""Who may log in, for which organisation, role and area: and the one policy function."""

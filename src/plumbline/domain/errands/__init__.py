"""Long work that somebody asks for and a worker does: how far it is, stopping it, taking it up again."""

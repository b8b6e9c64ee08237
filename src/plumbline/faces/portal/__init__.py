"""The portal: what enterprises and citizens use. Home, application, follow, download, public check, trust."""

"""The top floor: settings, root addresses, the processes of a running platform and how they are wired together."""

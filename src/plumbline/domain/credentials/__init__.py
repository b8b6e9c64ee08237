"""How people show who they are: passkeys, one-time codes, identity providers, invitations; and their sign-ins."""

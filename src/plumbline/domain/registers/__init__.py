"""What exists: sites, instruments, measurement standards, scopes: and the statements that attest them."""

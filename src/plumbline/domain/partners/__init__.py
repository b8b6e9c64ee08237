"""What was given to other systems, and what they answered; the files themselves are `gateways.partners`."""

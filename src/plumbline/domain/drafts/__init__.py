"""What somebody has begun to fill in and not sent: it outlives the session, and nobody else sees it."""

"""The demo: a small city at work, made by the same actions that clicks call. Everything in it is invented."""

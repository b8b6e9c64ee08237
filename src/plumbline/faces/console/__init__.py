"""The console: officers at work. Views only translate a request into actions, queries and a page."""

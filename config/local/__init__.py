"""The embedded way of running: PostgreSQL, Redis and every process of the site under one command.

Nothing outside this package and the tests imports it; the site itself sees only settings.
"""

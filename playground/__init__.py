"""A Slack of our own, for tests and for trying.

It imports nothing of ours, and nothing imports it.
"""

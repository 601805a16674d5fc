"""Calls to Slack: letters delivered, people looked up, files moved."""

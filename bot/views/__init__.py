"""What people see in Slack: each screen built, and read back, in one file."""

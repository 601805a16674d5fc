"""Settings, read from the environment once and passed on as values."""

"""How people reach the bot in Slack: one module a feature, no rules and no SQL."""

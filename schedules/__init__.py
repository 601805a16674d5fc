"""How the clock reaches the bot."""

"""What the bot remembers: the database, its tables, and the outbox."""

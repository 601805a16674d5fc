"""How the clock reaches the bot: a timetable to be read, and jobs of three lines."""

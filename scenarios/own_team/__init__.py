"""A user's own team: from counts in a table to a scenario that runs, without anything about a single patient."""

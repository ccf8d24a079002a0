"""Who gets what of a team's money: one file for each sharing rule (systems 4)."""

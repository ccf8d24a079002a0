"""The commands of ``careteams``, one file a family; each is given the parsed options and returns an exit code."""

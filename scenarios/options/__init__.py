"""What each command of the command line takes: its arguments and options, by family."""

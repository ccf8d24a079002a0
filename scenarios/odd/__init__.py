"""The ODD document: its tables, schedule and figures are made from the code, and its text is tied to it."""

"""A run or a comparison as one page for people: self-contained, printable, readable on a phone and by ear."""

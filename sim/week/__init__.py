"""The week: four phases, each with one owner of what it writes (design 4)."""

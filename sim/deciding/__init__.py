"""When decisions are taken: quotes are asked, draws are made, choices are written down (behaviour D to G)."""

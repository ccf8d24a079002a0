"""Quotes of the real contracts: the accounts are moved by what an action does, and settled again (design 4)."""

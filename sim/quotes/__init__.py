"""What an action changes in people's incomes, asked of the real rules on imagined accounts (behaviour 0)."""

"""How everybody decides: small pure functions of what each one knows, wants and is paid (behaviour 0, D to G)."""

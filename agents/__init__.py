"""Who acts, and how each decides. State lives in declared columns; professionals are views of a row."""

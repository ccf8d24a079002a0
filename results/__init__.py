"""What came out: opening a run, comparing, figures, reports; reads files only."""

"""The runs behind the teaching page: what is tried, over which seeds, and what is recorded week by week."""

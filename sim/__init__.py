"""What happens in a week, and what is paid."""

"""What is paid: dated tariffs, and one file for each payment rule."""

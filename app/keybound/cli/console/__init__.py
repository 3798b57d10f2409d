"""What is read from the terminal and printed on it."""

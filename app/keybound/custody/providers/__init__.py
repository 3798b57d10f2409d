"""What providers are asked: the catalogue with the user's own entries, what a token takes from it, and the asking."""

"""What a secret is: the catalogue with the user's own entries."""

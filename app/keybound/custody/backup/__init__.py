"""Everything of a home in one encrypted file, and back."""

"""What the catalogue proposes for a secret."""

"""New secrets: typed, got by itself, or by logging in."""

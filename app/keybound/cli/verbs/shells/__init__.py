"""Set up your shell."""

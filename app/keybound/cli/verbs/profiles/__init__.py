"""Choose a profile."""

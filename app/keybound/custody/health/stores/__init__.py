"""Checks of the secret store in use, and of what opens it."""

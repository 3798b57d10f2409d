"""Tokens that Keybound signs itself: their keys, and what is signed."""

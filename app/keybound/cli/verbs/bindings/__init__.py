"""Bind and approve them."""

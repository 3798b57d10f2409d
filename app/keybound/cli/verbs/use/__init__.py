"""Use them."""

"""add, list, show, why, set, token, refresh, expire, remove."""

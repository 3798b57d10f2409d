"""The life of a token: added, bound, approved, refreshed, expired, moved, removed."""

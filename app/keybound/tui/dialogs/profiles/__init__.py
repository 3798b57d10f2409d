"""Profiles as a whole: made, copied, renamed, removed, given a parent."""

"""profile, use, allow, deny."""

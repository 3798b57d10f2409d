"""Edit a profile's TOML text without losing a comment."""

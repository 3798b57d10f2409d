"""Secrets move to another store; a file store gets another passphrase or key."""

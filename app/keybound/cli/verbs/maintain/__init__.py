"""watch, adopt, log, lock, unlock."""

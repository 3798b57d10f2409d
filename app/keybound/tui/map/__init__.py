"""The map: which token depends on which key."""

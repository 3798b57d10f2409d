"""How a command is started, watched and given its secrets."""

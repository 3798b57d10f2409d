"""Commands that are sealed with a token, and the programs that may have one."""

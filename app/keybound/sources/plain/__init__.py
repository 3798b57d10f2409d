"""Files in which tools keep secrets in clear: a file for each kind."""

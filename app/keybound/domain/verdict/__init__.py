"""States, findings, recorded expiries, and their words."""

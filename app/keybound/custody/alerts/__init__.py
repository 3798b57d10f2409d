"""Alerts: what was found is kept until its owner, and every channel that wants it, has it."""

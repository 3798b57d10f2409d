"""The journal: a chain of events, appended and verified."""

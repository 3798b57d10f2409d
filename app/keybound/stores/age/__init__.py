"""The embedded store: a folder of age files."""

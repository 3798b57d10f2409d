"""File formats: a file for each, and how a file is read by its format."""

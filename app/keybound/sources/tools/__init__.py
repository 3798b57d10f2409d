"""Effective keys: what a tool itself would use from here, now. A file a tool."""

"""Tools asked for their own answer over random settings. A file a tool."""

"""The home that `keybound demo` shows."""

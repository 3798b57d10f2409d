"""Requests to providers: over TLS alone, bounded in time and size, following no redirect."""

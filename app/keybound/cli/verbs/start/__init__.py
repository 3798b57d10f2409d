"""init, demo, status, and the application itself."""

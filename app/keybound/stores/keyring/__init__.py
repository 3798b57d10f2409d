"""The OS keyring."""

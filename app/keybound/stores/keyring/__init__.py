"""The OS keyring: the Secret Service spoken to directly, other keyrings through the ``keyring`` library."""

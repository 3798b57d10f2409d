"""Where secrets, state and the journal are kept."""

"""mint, jwks, digest and verify."""

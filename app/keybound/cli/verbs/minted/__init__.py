"""jwks, digest and verify."""

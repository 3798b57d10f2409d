"""The guard: from a definition, a seal, readings and the time to a verdict."""

"""Rotation: a new secret in the place of the old one, and the end of the old one at its provider."""

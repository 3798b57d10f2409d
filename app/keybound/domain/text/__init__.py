"""Texts: secrets and their masking, JSON, what may be printed."""

"""Manage tokens."""

"""Screens and widgets; no rule is decided here."""

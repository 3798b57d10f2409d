"""Get started."""

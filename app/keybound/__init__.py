"""Keybound: a terminal credential manager that knows what each token depends on."""

__version__ = "0.1.0"

"""Nushell evaluates no text, so it is given JSON: ``keybound env --shell nu | from json | load-env``."""

from keybound.shells.json import SHELL

__all__ = ["SHELL"]

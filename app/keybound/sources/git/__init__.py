"""The git keys: configuration, branch, remotes."""

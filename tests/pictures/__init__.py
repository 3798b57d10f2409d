"""The pictures of README and docs, made by the application itself: ``cd tests && python -m pictures``."""

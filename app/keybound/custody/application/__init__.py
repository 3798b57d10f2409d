"""What the application and ``keybound status`` ask for."""

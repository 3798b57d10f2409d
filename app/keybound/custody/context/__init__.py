"""What every use case needs at hand: the home, its settings, and who asks."""

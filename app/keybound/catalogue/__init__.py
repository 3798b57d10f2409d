"""What providers and their tokens are, as data, and how a token is recognised."""

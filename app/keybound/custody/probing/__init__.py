"""What a provider says of a token: asked, understood, kept, and compared with what it said before."""

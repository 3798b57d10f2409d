"""What is kept with a secret, and the seal over it."""

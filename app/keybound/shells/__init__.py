"""What bash, zsh and fish evaluate; one file a shell."""

"""What shells evaluate: a file for each shell or form of output, and what several of them share."""

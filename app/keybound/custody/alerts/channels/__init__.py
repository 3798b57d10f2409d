"""The ways by which an alert reaches its owner: a file for each."""

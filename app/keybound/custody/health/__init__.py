"""What Keybound rests on, examined: a file for each check; a table of them; a run that ends in time."""

"""What the command line can be told: a folder for each heading of ``keybound --help``, a file for each verb."""

"""The commands: a folder for each heading of ``keybound --help``, a file for each verb, and what several verbs share."""

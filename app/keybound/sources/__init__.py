"""Reads keys from profiles, files, the environment and folders, and watches files for change."""

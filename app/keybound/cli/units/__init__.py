"""What the system starts by itself: files for systemd and launchd."""

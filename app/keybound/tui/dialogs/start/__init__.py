"""The first run: where secrets are kept, the first profile, and three ways on."""

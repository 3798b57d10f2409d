"""Which profile, from where, and what policy makes of it."""

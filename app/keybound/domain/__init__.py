"""Pure values and rules: no I/O, no clock, only the standard library."""

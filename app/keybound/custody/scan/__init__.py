"""Plain tokens in files: looked for, told apart from lookalikes, and reported without their values."""

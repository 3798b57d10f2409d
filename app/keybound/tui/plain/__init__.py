"""The screens as plain text: for screen readers, for copying, and where nothing can be painted."""

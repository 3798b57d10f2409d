"""Ratios against peers and against the bare interpreter, measured side by side in one run."""

"""From live readings to verdicts, and what they say."""

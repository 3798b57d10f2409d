"""What profiles, policy and settings may say, and what they mean together."""

"""What a hooked shell sets and drops at a prompt, and how a profile is switched."""

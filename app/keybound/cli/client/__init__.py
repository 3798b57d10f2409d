"""Ask the agent, and start one where there is none."""

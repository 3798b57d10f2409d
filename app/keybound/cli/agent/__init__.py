"""The agent: a process that keeps the code warm and answers releases as the caller itself would."""

"""What reads text or bytes from outside, under a coverage-guided fuzzer (atheris); what was found is kept as a corpus."""

"""What a hooked shell holds, and what it compares."""

"""hook, what hooks call, and completion."""

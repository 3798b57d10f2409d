"""Files as they stand now: opened, remembered, watched, and where a key stands in them."""

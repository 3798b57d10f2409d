"""Items of the store, and the order of writes that no kill breaks."""

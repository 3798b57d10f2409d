"""The use cases: the only room that combines domain, sources and stores."""

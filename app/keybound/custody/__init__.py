"""The use cases: the only package that combines domain, sources and stores."""

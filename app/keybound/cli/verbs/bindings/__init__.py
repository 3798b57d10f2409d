"""bind, unbind, file, approve, plan, check, docs."""

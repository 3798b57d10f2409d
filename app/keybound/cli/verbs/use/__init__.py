"""exec, env, copy, inject, shim and the credential helpers."""

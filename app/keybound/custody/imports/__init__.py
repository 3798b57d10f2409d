"""Take plain tokens into the store: read where they stand, propose, store and prove, and replace the plain copy."""

"""JSON Web Signatures: keys, signing and strict checking, for the four algorithms that Keybound mints by."""

"""Arguments in, custody called, text or JSON out."""

"""What the application sees of the custody: plain values, made by a worker, ready to be shown.

Every text here has passed :func:`keybound.domain.text.sanitize.clean`: it holds no control character.
No value here holds a secret.
"""

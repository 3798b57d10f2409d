"""Keys, names, values and times, as profiles and files hold them."""

"""The rules of a boundary: a file for each, and the table that names them."""

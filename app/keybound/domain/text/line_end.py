"""What of a secret's last line end belongs to it."""


def without_line_end(data: bytes) -> bytes:
    """A text of one line without its line end, LF or CRLF, which a pipe or a file added; of several lines everything.

    A key in PEM is several lines, and OpenSSH refuses one whose last newline is missing.
    """
    line = data.removesuffix(b"\n").removesuffix(b"\r")
    return data if b"\n" in line else line

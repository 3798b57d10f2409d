"""As much of the D-Bus wire protocol as one question to the Secret Service takes: no library is imported for it.

Source: the D-Bus specification 0.43, "Message Protocol" and "Authentication Protocol". Little-endian both ways; a peer that
answers otherwise, or in any way that is not expected, is a ValueError, and the caller asks again through the library.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _socket import socket

METHOD_CALL, METHOD_RETURN = 1, 2
_PATH, _INTERFACE, _MEMBER, _REPLY_SERIAL, _DESTINATION, _SIGNATURE = 1, 2, 3, 5, 6, 8
_MOST = 8 * 1024 * 1024


def u32(number: int) -> bytes:
    """An unsigned 32-bit number."""
    return number.to_bytes(4, "little")


def text(value: str) -> bytes:
    """A string or an object path, after its own alignment."""
    data = value.encode()
    return u32(len(data)) + data + b"\0"


def padded(data: bytes, to: int) -> bytes:
    """``data`` up to a multiple of ``to``."""
    return data + b"\0" * (-len(data) % to)


def call(
    serial: int, path: str, interface: str, member: str, target: str, signature: str = "", body: bytes = b""
) -> bytes:
    """A method call."""
    fields = b""
    for code, kind, value in (
        (_PATH, "o", path),
        (_INTERFACE, "s", interface),
        (_MEMBER, "s", member),
        (_DESTINATION, "s", target),
    ):
        fields = padded(fields, 8) + bytes([code, 1]) + kind.encode() + b"\0" + text(value)
    if signature:
        fields = (
            padded(fields, 8) + bytes([_SIGNATURE, 1]) + b"g\0" + bytes([len(signature)]) + signature.encode() + b"\0"
        )
    head = bytes([ord("l"), METHOD_CALL, 0, 1]) + u32(len(body)) + u32(serial) + u32(len(fields)) + fields
    return padded(head, 8) + body


def greeting() -> bytes:
    """The EXTERNAL authentication of this user, begun without waiting for the answer."""
    return b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\nBEGIN\r\n"


class Answers:
    """What comes back on a connection, message by message."""

    def __init__(self, connection: "socket") -> None:
        self._connection = connection
        self._data = b""

    def welcome(self) -> None:
        """Read the server's line that lets us in. Raises ValueError where it does not."""
        while b"\r\n" not in self._data:
            self._more()
        line, _, self._data = self._data.partition(b"\r\n")
        if not line.startswith(b"OK "):
            raise ValueError("not let in")

    def reply(self, serial: int) -> bytes:
        """The body of the reply to a call; other messages are passed over. Raises ValueError for an error."""
        while True:
            kind, answers, body = self._message()
            if answers == serial:
                if kind != METHOD_RETURN:
                    raise ValueError("an error")
                return body

    def _message(self) -> tuple[int, int, bytes]:
        self._need(16)
        if self._data[0] != ord("l"):
            raise ValueError("not little-endian")
        length, fields = _number(self._data, 4), _number(self._data, 12)
        start = 16 + fields + -fields % 8
        if start + length > _MOST:
            raise ValueError("too large")
        self._need(start + length)
        message, self._data = self._data[: start + length], self._data[start + length :]
        return message[1], _reply_serial(message, 16 + fields), message[start:]

    def _need(self, size: int) -> None:
        while len(self._data) < size:
            self._more()

    def _more(self) -> None:
        part = self._connection.recv(65_536)
        if not part:
            raise ValueError("the bus hung up")
        self._data += part


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _reply_serial(message: bytes, end: int) -> int:
    reader = Reader(message, 16)
    while reader.at < end:
        reader.align(8)
        code = reader.byte()
        kind = reader.signature()
        if code == _REPLY_SERIAL and kind == "u":
            return reader.number()
        reader.skip(kind)
    return -1


class Reader:
    """Reads values one after the other. Raises ValueError or IndexError past the end."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def align(self, to: int) -> None:
        """Go on to a multiple of ``to``."""
        self.at += -self.at % to

    def byte(self) -> int:
        """One byte."""
        self.at += 1
        return self.data[self.at - 1]

    def number(self) -> int:
        """An unsigned 32-bit number."""
        self.align(4)
        self.at += 4
        if self.at > len(self.data):
            raise ValueError("too short")
        return _number(self.data, self.at - 4)

    def raw(self) -> bytes:
        """A list of bytes."""
        size = self.number()
        self.at += size
        if self.at > len(self.data):
            raise ValueError("too short")
        return self.data[self.at - size : self.at]

    def text(self) -> str:
        """A string or an object path."""
        value = self.raw().decode()
        self.at += 1
        return value

    def signature(self) -> str:
        """A signature."""
        size = self.byte()
        self.at += size + 1
        return self.data[self.at - size - 1 : self.at - 1].decode()

    def skip(self, kind: str) -> None:
        """Pass over a simple value."""
        if kind in ("s", "o"):
            self.text()
        elif kind == "g":
            self.signature()
        elif kind == "u":
            self.number()
        else:
            raise ValueError("an unexpected type")

"""How well text can be read: contrast as WCAG defines it, and what colours look like without one kind of cone."""

from collections.abc import Iterable, Iterator, Sequence

from rich.segment import Segment
from textual.color import Color

Linear = tuple[float, float, float]
# Machado, Oliveira and Fernandes (2009), severity 1: of linear RGB.
WITHOUT = {
    "red cones": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "green cones": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "blue cones": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
_WHITE = (0.9505, 1.0, 1.089)


def linear(colour: Sequence[int]) -> Linear:
    red, green, blue = ((part / 255) for part in colour)
    return _straight(red), _straight(green), _straight(blue)


def _straight(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def luminance(colour: Sequence[int]) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def between(one: Sequence[int], other: Sequence[int]) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def contrast(one: str, other: str) -> float:
    return between(Color.parse(one).rgb, Color.parse(other).rgb)


def difference(one: str, other: str, seen: Sequence[Sequence[float]]) -> float:
    """How far two colours lie apart (CIE 1976) for who sees them so; about 2 can just be told apart side by side."""
    first, second = (_lab(linear(Color.parse(each).rgb), seen) for each in (one, other))
    return float(sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5)


def _lab(colour: Linear, seen: Sequence[Sequence[float]]) -> Linear:
    shown = [min(max(each, 0), 1) for each in _times(seen, colour)]
    x, y, z = (
        part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116
        for part in (each / white for each, white in zip(_times(_XYZ, shown), _WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _times(matrix: Sequence[Sequence[float]], vector: Sequence[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def unreadable(strips: Iterable[Iterable[Segment]], least: float) -> Iterator[tuple[float, str, str]]:
    """Texts painted with less contrast: (contrast, text, style). Lines, bars and blanks are no text."""
    for strip in strips:
        for text, style, _ in strip:
            if style is None or not any(char.isalnum() or char in "●▲■◆×○" for char in text):
                continue
            assert style.color is not None
            assert style.bgcolor is not None
            found = between(style.color.get_truecolor(), style.bgcolor.get_truecolor())
            if found < least or style.dim:
                yield found, text, str(style)

"""A page is opened in a window or not at all: a browser of the terminal would take it over."""

import webbrowser

import pytest

from keybound.custody.programs.browser import open_page

PAGE = "https://github.com/settings/tokens"


@pytest.mark.parametrize(
    ("environ", "page", "opened"),
    [
        ({"DISPLAY": ":0"}, PAGE, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, PAGE, True),
        ({}, PAGE, False),
        ({"DISPLAY": ""}, PAGE, False),
        ({"DISPLAY": ":0"}, "http://github.com", False),
        ({"DISPLAY": ":0"}, "file:///etc/passwd", False),
        ({"DISPLAY": ":0"}, "--version", False),
    ],
)
def test_only_https_and_only_where_there_are_windows(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], page: str, opened: bool
) -> None:
    asked: list[str] = []

    def opening(url: str) -> bool:
        asked.append(url)
        return True

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(webbrowser, "open", opening)
    assert open_page(environ, page) is opened
    assert asked == ([page] if opened else [])

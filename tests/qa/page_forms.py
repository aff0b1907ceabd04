"""Reads a page as a browser would: what its form sends, and where its marks are."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class Page(HTMLParser):
    """A page's tags with their attributes, and what the fields of the form named ``form`` would send."""

    def __init__(self, content: bytes, form: str = "builder") -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.sent: dict[str, str] = {}
        self._form, self._in_form = form, False
        self._open = ""
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if tag == "form":
            self._in_form = given.get("id") == self._form
        if not self._in_form:
            return
        name = given.get("name", "")
        if tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.sent[name] = given.get("value", "")
        elif tag in ("select", "textarea"):
            self._open = name
            self.sent[name] = ""
        elif tag == "option" and "selected" in given:
            self.sent[self._open] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False
        elif tag in ("select", "textarea"):
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open and self.lasttag == "textarea":
            self.sent[self._open] += data

    def having(self, name: str, value: str | None = None) -> list[dict[str, str]]:
        """Return the attributes of all tags that have one of that name, and value if it is said."""
        return [given for _tag, given in self.tags if name in given and value in (None, given[name])]

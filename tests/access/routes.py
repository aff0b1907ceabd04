"""Every address of the product, read from the URL resolver (the API's as well), so that none can be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One address.

    Attributes:
        name: With its namespaces, as ``reverse`` knows it.
        pattern: As it is written, for people.
        parameters: Names of what stands in the address.
        has_class: Whether a class answers, which knows OPTIONS.
        is_api: Whether programs ask.
        view: The class that answers, if one does.
    """

    name: str
    pattern: str
    parameters: tuple[str, ...]
    has_class: bool
    is_api: bool
    view: type | None


def routes() -> list[Route]:
    """Return every address."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, pattern, inner)
        else:
            yield _route(entry, pattern, space)


def _route(entry: URLPattern, pattern: str, space: str) -> Route:
    view: Any = entry.callback
    return Route(
        name=f"{space}{entry.name}" if entry.name else pattern,
        pattern=pattern,
        parameters=tuple(sorted(entry.pattern.regex.groupindex)),
        has_class=hasattr(view, "view_class") or hasattr(view, "cls"),
        is_api=pattern.startswith("api/v1/"),
        view=getattr(view, "view_class", None) or getattr(view, "cls", None),
    )

"""Which version runs, and the licenses of what it is made of."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
# Files in static/vendor/ that no Python package brings.
FRONT_END = (("Tabler", "MIT"), ("Tabler Icons", "MIT"), ("Apache ECharts", "Apache-2.0"), ("Tom Select", "Apache-2.0"))


@dataclass(frozen=True, slots=True)
class License:
    """One part and its license."""

    name: str
    version: str
    license: str


@lru_cache
def version() -> str:
    """Return the version of the product."""
    with open(_ROOT / "pyproject.toml", "rb") as file:
        return str(tomllib.load(file)["project"]["version"])


@lru_cache
def licenses() -> tuple[License, ...]:
    """Return the parts that the product is made of, by name."""
    with open(_ROOT / "pyproject.toml", "rb") as file:
        needed = tomllib.load(file)["project"]["dependencies"]
    found = [License(name, "", terms) for name, terms in FRONT_END]
    for requirement in needed:
        name = _name(requirement)
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        found.append(License(about["Name"], about["Version"], _license(about)))
    return tuple(sorted(found, key=lambda part: part.name.lower()))


def _name(requirement: str) -> str:
    for index, letter in enumerate(requirement):
        if not (letter.isalnum() or letter in "-_."):
            return requirement[:index]
    return requirement


def _license(about: metadata.PackageMetadata) -> str:
    if "License-Expression" in about:
        return about["License-Expression"]
    classifiers = about.get_all("Classifier") or []
    named = [c.rpartition("::")[2].strip() for c in classifiers if c.startswith("License ::")]
    first_line = (about["License"] if "License" in about else "").strip().splitlines()  # noqa: SIM401
    return ", ".join(named) or (first_line[0] if first_line else "")

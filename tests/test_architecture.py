"""The order of the house, held by tests: who imports whom, what files are called, how long they may be."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.celery import app

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "audit", "calls", "contracts", "core", "demo", "qa", "reports", "sla", "tickets", "vendors")
LINES_MOST = 400

# What a file or package of an app may be called; docs/architecture.md says what each holds.
COMMON = {
    "__init__", "admin", "api", "api_urls", "apps", "calc", "filters", "forms", "management", "migrations", "models",
    "receivers", "selectors", "serializers", "services", "signals", "sql", "tables", "tasks", "templatetags", "urls",
    "views", "wording",
}  # fmt: skip
OWN = {
    "accounts": {"adapters", "authentication", "book_urls", "middleware"},
    "audit": {"rows"},
    "calls": {"deeds", "parsing", "profiles", "queries"},
    "core": {
        "checks", "columns", "components", "endpoints", "errors", "exports", "faults", "formats", "http", "lists",
        "periods", "scope", "seals", "uploads", "walls",
    },
    "demo": {
        "callers", "calls", "days", "demand", "people", "plan", "queueing", "roster", "summary", "traffic", "world",
    },
    "reports": {"about", "addresses", "periods", "words"},
    "sla": {"queries"},
    "tickets": {"deeds", "queries"},
}  # fmt: skip
VAGUE = re.compile(r"^(utils?|helpers?|common|misc|tools|base|lib|shared|stuff)(\.py)?$")


def sources() -> list[Path]:
    """Return every Python file of ours, migrations excepted."""
    tops = (*APPS, "config", "embedded", "benchmarks", "tests")
    return [path for top in tops for path in (ROOT / top).rglob("*.py") if "migrations" not in path.parts]


def test_imports_point_one_way_only() -> None:
    script = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([script, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_app_has_its_place_in_the_order() -> None:
    order = re.findall(r"^layers = \[(.*)\]$", (ROOT / "pyproject.toml").read_text(), re.M)
    assert set(re.findall(r'"(\w+)"', order[0])) == set(APPS)


def test_no_file_is_too_long_to_read() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources()}
    assert {name: count for name, count in lengths.items() if count > LINES_MOST} == {}


@pytest.mark.parametrize("app", APPS)
def test_an_app_has_only_files_whose_meaning_is_known(app: str) -> None:
    found = {
        path.stem
        for path in (ROOT / app).iterdir()
        if (path.suffix == ".py" or (path.is_dir() and any(path.iterdir()))) and path.stem != "__pycache__"
    }
    assert found - COMMON - OWN.get(app, set()) == set()
    assert OWN.get(app, set()) <= found


def test_no_file_has_a_name_that_says_nothing() -> None:
    named = [p for top in (*APPS, "embedded", "tests") for p in (ROOT / top).rglob("*") if VAGUE.match(p.name)]
    assert named == []


def test_every_signal_is_listed_in_the_documents() -> None:
    signals = {
        (path.parent.name, name)
        for app in APPS
        for path in (ROOT / app).glob("signals.py")
        for name in re.findall(r"^(\w+)\s*(?::\s*\w+\s*)?=\s*(?:\w+\.)?Signal\(", path.read_text(), re.M)
    }
    document = (ROOT / "docs" / "architecture.md").read_text()
    assert [pair for pair in signals if f"`{pair[0]}.{pair[1]}`" not in document] == []


def test_every_task_has_its_tick() -> None:
    app.loader.import_default_modules()
    tasks = {name for name in app.tasks if name.split(".")[0] in APPS}
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} == tasks


def test_every_word_of_a_page_can_be_translated() -> None:
    loose = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        words = untranslatable(path.read_text())
        if words:
            loose[str(path.relative_to(ROOT))] = words
    assert loose == {}


# Names and signs that are the same in every language.
NAMES = re.compile(r"Callsteward|CSV|XLSX|JSON|API|KPI|UTC|Ctrl|Alt|Esc|Enter|&\w+;")


def untranslatable(template: str) -> list[str]:
    """Return the words of a template that stand outside every translation tag."""
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|<!--.*?-->", " ", template, flags=re.S)
    text = re.sub(r"{%\s*blocktrans\w*\b.*?endblocktrans\w*\s*%}", " ", text, flags=re.S)
    text = re.sub(r"{%\s*block \w+_class\s*%}.*?{%\s*endblock\s*%}", " ", text, flags=re.S)
    # What a program reads (samples of files and mappings) is the same in every language.
    text = re.sub(r"<(script|style|svg|pre|code)\b.*?</\1>", " ", text, flags=re.S)
    spoken = re.findall(r"\s(?:title|placeholder|alt|aria-label|aria-description)=\"([^\"]*)\"", text)
    # A tag may hold template tags with quotes and angle brackets, so these go first.
    text = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.S)
    text = re.sub(r"<(?:\"[^\"]*\"|'[^']*'|[^'\">])*>", "\n", text)
    spoken = [re.sub(r"{%.*?%}|{{.*?}}", " ", value) for value in spoken]
    words = [word for piece in [text, *spoken] for word in re.findall(r"[^\W\d_]+", NAMES.sub(" ", piece))]
    return [word for word in words if len(word) > 1]


def test_no_two_kinds_of_lock_have_the_same_number() -> None:
    kinds: list[tuple[str, str]] = []
    for path in sources():
        for names, numbers in re.findall(r"^(\w*LOCK\w*(?:, \w+)*) = ([\d, ]+)$", path.read_text(), re.M):
            kinds += zip(names.split(", "), numbers.split(", "), strict=True)
    found = [number for name, number in kinds if "SENDER" not in name]
    assert len(found) > 8
    assert len(found) == len(set(found))

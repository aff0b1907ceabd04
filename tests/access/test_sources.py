"""What no source file may do, because one such line would open a wall or a page (D5, S2, S3, S8, T5)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "accounts", "audit", "calls", "config", "contracts", "core", "demo", "qa", "reports", "sla", "tickets", "vendors",
)  # fmt: skip
INTERFACES = ("views", "api", "api_urls", "forms", "filters", "tables", "serializers", "tasks", "receivers")

# Where a rule has an exception: file to the reason.
MARKS_SAFE = {"core/templatetags/ui.py": "an empty string, where nothing can be drawn"}
WRITES_CSV = {
    "core/exports.py": "the guarded writer itself",
    "demo/services/files.py": "files for the importer, opened by no person",
    "calls/parsing/template.py": "an empty table of fixed column names",
    "qa/selectors/plans.py": "the very bytes whose digest was told; pages give them as plain text",
    "qa/management/commands/qa_redraw.py": "the same, written by hand on the machine",
}
BUILDS_SQL = {
    "sla/services/days.py": "as many placeholders as the row has columns",
    "calls/services/load.py": "the fixed columns of the staging table",
}
READS_ROWS = {
    ("accounts/receivers.py", "User.objects"): "whose log-in failed, before there is a scope",
    ("accounts/receivers.py", "Organization.objects"): "whose book it is entered in, before there is a scope",
}
TRANSLATED_PATTERNS = {
    ("calls/views/imports.py", "words"): "a translated sentence with places",
    ("contracts/views/badges.py", "_('since %(day)s') % {'day': '{}'}"): "a translated sentence with a place",
}
OUR_ADDRESSES = {"swagger_ui_bundle", "swagger_ui_standalone", "script_url"}
# Variables that htmx attributes may hold: addresses that the page's own code made.
HTMX_VARIABLES = {
    "csrf_token",
    "request.path",
    "sort_url",
    "progress_url",
    "size_url",
    "previous_url",
    "next_url",
    "chip.off_url",
    "clear_url",
    "history_url",
    "request.get_full_path",
    "search_url",
    "lookup_url",
    "trial_url",
    "quality_url",
    "tickets_url",
    "evaluations_url",
    "transcript_url",
    "incident_url",
    "promise_url",
    "builder_url",
    "question.place",
    "vendor.uuid",
    "verify.url",
    "zone",
}


@cache
def trees() -> dict[str, ast.Module]:
    """Return every module of the product, migrations excepted."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    }


def nodes(kind: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Yield every node of a kind with the file that it stands in."""
    for name, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, kind):
                yield name, node


def calls_of(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of a function or method by one of the names."""
    for file, node in nodes(ast.Call):
        assert isinstance(node, ast.Call)
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in names:
            yield file, node


def strings() -> Iterator[tuple[str, str]]:
    """Yield every text of the code that is no docstring."""
    for file, tree in trees().items():
        words = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in words:
                yield file, node.value


def templates() -> dict[str, str]:
    """Return every template."""
    return {str(path.relative_to(ROOT)): path.read_text() for path in (ROOT / "templates").rglob("*.html")}


def queries() -> dict[str, str]:
    """Return every named query."""
    return {str(path.relative_to(ROOT)): path.read_text() for path in ROOT.glob("*/sql/*.sql")}


def test_the_scope_is_told_to_the_database_in_one_place_and_for_one_transaction() -> None:
    setting = re.compile(r"\bset\s+(session\s+|local\s+)?\"?app\.|\bset_config\b|\bset\s+role\b|row_security", re.I)
    found = [(file, text) for file, text in [*strings(), *queries().items()] if setting.search(text)]
    assert found == [("core/scope.py", "SELECT set_config('app.vendor_ids', %s, true)")]


def test_queries_are_written_by_the_orm_or_stand_in_files() -> None:
    assert [file for file, _ in calls_of("raw", "extra", "RawSQL")] == []
    built = {
        file
        for file, node in calls_of("execute", "executemany", "copy_expert")
        if node.args
        and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
        # `sql.execute(f"sla/write_{name}")` names a file.
        and not (isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "sql")
    }
    assert built == set(BUILDS_SQL)


def test_each_named_query_says_what_it_is_for_and_takes_parameters_only() -> None:
    assert [name for name, text in queries().items() if not text.startswith("-- Purpose: ")] == []
    assert [name for name, text in queries().items() if re.search(r"%[sd]|\{\w*\}", text)] == []


def test_what_a_request_holds_is_never_spread_into_a_call() -> None:
    spread = [
        (file, ast.unparse(keyword.value))
        for file, node in nodes(ast.Call)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg is None
        and any(
            isinstance(part, ast.Attribute)
            and part.attr in {"GET", "POST", "FILES", "META", "COOKIES", "data", "query_params", "headers"}
            for part in ast.walk(keyword.value)
        )
    ]
    assert spread == []


def test_days_are_cut_by_moments_never_by_a_function_of_the_column() -> None:
    keywords = [
        (file, keyword.arg)
        for file, node in nodes(ast.Call)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg and re.search(r"__(date|year|month|day|week_day|hour|time)(__|$)", keyword.arg)
    ]
    lookups = [(file, text) for file, text in strings() if re.fullmatch(r"\w+__date(__\w+)?", text)]
    imports = [
        (file, alias.name)
        for file, node in nodes(ast.ImportFrom)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name.startswith(("Trunc", "Extract")) and node.module != "django.utils.text"
    ]
    assert keywords + lookups + imports == []


def test_files_for_people_come_from_the_guarded_writer() -> None:
    writers = {file for file, node in calls_of("writer", "DictWriter") if isinstance(node.func, ast.Attribute)}
    workbooks = {file for file, _ in calls_of("Workbook")}
    assert writers <= set(WRITES_CSV)
    assert workbooks <= {"core/exports.py"}


def test_interfaces_leave_the_choice_of_rows_to_selectors() -> None:
    found = [
        (file, ast.unparse(node))
        for file, node in nodes(ast.Attribute)
        if isinstance(node, ast.Attribute)
        and (node.attr in {"_base_manager", "_default_manager"} or ast.unparse(node).endswith(".objects"))
        and Path(file).with_suffix("").parts[1] in INTERFACES
    ]
    nothing = {
        (file, ast.unparse(node.func.value)) for file, node in calls_of("none") if isinstance(node.func, ast.Attribute)
    }
    assert {pair for pair in found if pair not in nothing} == set(READS_ROWS)


def test_nothing_is_declared_safe_html_by_hand() -> None:
    declared = {file for file, _ in calls_of("mark_safe", "SafeString", "SafeText")}
    assert declared == set(MARKS_SAFE)
    for file, node in calls_of("mark_safe", "SafeString"):
        assert isinstance(node.args[0], ast.Constant), file
    # The pattern of format_html is written in the source, so that only its arguments come from outside.
    patterns = [(file, node.args[0]) for file, node in calls_of("format_html")]
    patterns += [(file, part) for file, node in calls_of("format_html_join") for part in node.args[:2]]
    loose = {(file, ast.unparse(part)) for file, part in patterns if not isinstance(part, ast.Constant)}
    assert loose == set(TRANSLATED_PATTERNS)
    raw = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|{%\s*autoescape\s+off|{%\s*filter\s+safe")
    assert [name for name, text in templates().items() if raw.search(text)] == []


def test_attributes_of_htmx_hold_addresses_and_nothing_people_typed() -> None:
    used = set()
    for text in templates().values():
        for value in re.findall(r"\s(?:hx-[\w:-]+|data-hx-[\w:-]+)=(\"[^\"]*\"|'[^']*')", text):
            used |= {name.split("|")[0].strip() for name in re.findall(r"{{(.*?)}}", value)}
            assert "hx-on" not in value
    assert used <= HTMX_VARIABLES
    inline = re.compile(r"\son[a-z]+\s*=|javascript:|hx-on|hx-vals=[\"']js:|{%\s*include\s+request\.", re.I)
    assert [name for name, text in templates().items() if inline.search(text)] == []


def test_scripts_of_pages_carry_the_nonce_or_an_address_of_ours() -> None:
    for name, text in templates().items():
        for tag in re.findall(r"<(?:script|style)\b[^>]*>", text):
            address = re.search(r'\ssrc="{{ (\w+) }}"', tag)
            ours = ' src="{% static' in tag or (address is not None and address[1] in OUR_ADDRESSES)
            assert ours or "nonce=" in tag or 'type="application/json"' in tag, (name, tag)
        assert not re.search(r"\sstyle\s*=", text), f"{name}: the policy refuses inline styles"

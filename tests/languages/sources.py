"""What the sources say to people: their templates, their placeholders, and the words that no language can say yet."""

from __future__ import annotations

import ast
import builtins
import re
import string
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.coaching.wording import singular

ROOT = Path(__file__).parents[2]
PLAYBOOKS = sorted(ROOT.glob("bot/playbooks/*.toml"))
"""Files of ours, whose names people are told."""

SPEAKING = ("bot/coaching", "bot/services", "bot/views", "handlers", "bot/slack")
SPEAKING += ("bot/doctor",)
SPEAKING += (
    "bot/vendors",
    "bot/crm",
    "bot/calendars",
    "bot/vault.py",
    "bot/config.py",
    "bot/playbook_file.py",
    "bot/playbook_reader.py",
    "bot/playbook_table.py",
    "bot/toml_faults.py",
    "bot/file_faults.py",
)
SPEAKING += ("bot/storage/store.py", "bot/storage/meetings.py")
"""Where people are spoken to; the command line and its documents are the operator's, and English."""

SILENT_MODULES = {"bot/views/limits.py", "bot/crm/salesforce/soql.py", "bot/slack/manifest.py"}
"""What these say, we alone read, or a machine, or Slack, whose manifests know one language."""

TEMPLATES = {"say": 1, "tr": 1, "say_many": 2, "tr_many": 2}
"""How many of the first arguments are templates."""

NO_WORDS = "# no words"
"""Ends the first line of a statement whose texts are never shown, and says what they are."""

WORDS = re.compile(r"[A-Za-z]{2,}\S*\s+\S*[A-Za-z]|[A-Za-z]\S*\s+\S*[A-Za-z]{2,}|(?<![\w.])[A-Z][a-z]+(?![\w.])")
"""Two words, or one that begins as a shown one does."""

FORMS = re.compile(r"%[A-Za-z]")
OUR_FAULTS = {name for name in dir(builtins) if name.endswith("Error")} | {"LimitsError", "WrongLanguageError"}
SILENT = {"compile", "TypeVar", "NewType", "ParamSpec", "cast", "debug", "info", "warning", "error", "exception"}
SILENT |= {"fullmatch", "sub", "search", "strftime", "getLogger", "getattr", "log"} | OUR_FAULTS
KEYED = {"text", "maybe_text", "flag", "number", "maybe_number", "identity", "inner", "maybe_inner", "objects"}
"""The methods that read a vendor's answer, whose first argument is a name in it."""


@dataclass(frozen=True)
class Template:
    """One or two literals (the second is the plural) and what is given for their placeholders."""

    texts: tuple[str, ...]
    given: frozenset[str]
    path: str
    line: int


def modules() -> list[str]:
    """Return the path of every module that speaks to people."""
    found = [ROOT / place for place in SPEAKING]
    files = (file for one in found for file in ([one] if one.is_file() else sorted(one.rglob("*.py"))))
    return [str(file.relative_to(ROOT)) for file in files if str(file.relative_to(ROOT)) not in SILENT_MODULES]


def templates() -> list[Template]:
    """Return every template, module by module, in the order of their lines."""
    said = [one for path in modules() for one in _templates(path)]
    return said + [one for file in PLAYBOOKS for one in named_in(file)]


def named_in(file: Path) -> list[Template]:
    """Return what a playbook of ours names, in its file's order; of what is counted, one and many."""
    text = file.read_text(encoding="utf-8")
    path, document = str(file.relative_to(ROOT)), tomllib.loads(text)

    def template(*texts: str) -> Template:
        return Template(texts, frozenset(), path, text[: text.index(f'"{texts[-1]}"')].count("\n") + 1)

    tables = [document, *(table for kind in ("stage", "activity", "skill", "resource") for table in document[kind])]
    tables += [toll for stage in document["stage"] for toll in stage["toll"]]
    names = [table[key] for table in tables for key in ("name", "role", "practice") if key in table]
    units = dict.fromkeys(table["unit"] for table in tables if "unit" in table)
    found = [template(name) for name in dict.fromkeys((*names, *document["outcomes"]))]
    return sorted((*found, *(template(singular(unit), unit) for unit in units)), key=lambda one: one.line)


def placeholders(text: str) -> frozenset[str]:
    """Return the names in braces."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def bare_words(path: str) -> list[str]:
    """Return "line: words" for each text of a module that is in English for everybody."""
    tree, lines = _tree(path), (ROOT / path).read_text(encoding="utf-8").splitlines()
    return [f"{node.lineno}: {text}" for node, text in _bare(tree, lines) if WORDS.search(FORMS.sub("", text))]


def _templates(path: str) -> list[Template]:
    found = []
    for node in ast.walk(_tree(path)):
        count = _template_count(node)
        if not count or not isinstance(node, ast.Call):
            continue
        texts = tuple(one.value for one in node.args[:count] if isinstance(one, ast.Constant))
        assert len(texts) == count, f"{path}:{node.lineno}: a template is a literal"
        names = {keyword.arg for keyword in node.keywords}
        assert None not in names, f"{path}:{node.lineno}: what stands in for a placeholder is named"
        found.append(Template(texts, frozenset(filter(None, names)), path, node.lineno))
    return sorted(found, key=lambda one: one.line)


@cache
def _tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _template_count(node: ast.AST) -> int:
    return TEMPLATES.get(_called(node), 0) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else 0


def _bare(node: ast.AST, lines: list[str]) -> Iterator[tuple[ast.expr, str]]:
    if isinstance(node, ast.stmt) and NO_WORDS in lines[node.lineno - 1]:
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
        return
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node, node.value
        return
    if isinstance(node, ast.JoinedStr):
        yield node, "".join(part.value if isinstance(part, ast.Constant) else "\0" for part in node.values)
    for child in _heard(node):
        yield from _bare(child, lines)


def _heard(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is inside of a node, but for what nobody is shown."""
    if isinstance(node, ast.JoinedStr):
        yield from (part.value for part in node.values if isinstance(part, ast.FormattedValue))
        return
    if isinstance(node, ast.Call) and _called(node) in SILENT:
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in KEYED:
        yield from node.args[1:]
        yield from (keyword.value for keyword in node.keywords)
        return
    if isinstance(node, ast.Assert | ast.Compare | ast.MatchValue | ast.ImportFrom):
        return
    skipped: set[ast.AST] = set()
    if isinstance(node, ast.Call):
        skipped |= set(node.args[: _template_count(node)])
    if isinstance(node, ast.AnnAssign):
        skipped.add(node.annotation)
    if isinstance(node, ast.arg | ast.FunctionDef | ast.AsyncFunctionDef):
        skipped |= {one for one in (getattr(node, "annotation", None), getattr(node, "returns", None)) if one}
    if isinstance(node, ast.Subscript):
        skipped.add(node.slice)
    yield from (child for child in ast.iter_child_nodes(node) if child not in skipped)

"""Reference pages of the documentation site: whatever is declared, and the docstrings of every module.

Nothing is said here: the pages come from the registry and from the packages, and are written when the site is built.
"""

import ast
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from scenarios.odd.markdown import code, plain, table
from sim.registry import Declared, everything

ROOT: Final = Path(__file__).parents[1]
ROOMS: Final = ("agents", "sim", "scenarios", "results")
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "parameter": (
        "Parameters",
        "Numbers of the model. Each can be set: `--set parameters.ID=VALUE`, or `[parameters]`.",
    ),
    "outcome": ("Outcomes", "What studies, comparisons and patterns read of a year."),
    "measure": (
        "Measures",
        "What is counted each year of a physician, team or hospital: all that a payment rule sees.",
    ),
    "policy": ("Payment rules", "What a contract may hold; [payments](../payments.md) says how they stack."),
    "term": ("Terms of payment rules", "Latest values; `careteams policies RULE` shows all of a rule with their days."),
    "tariff": ("Fees", "Amounts by which claim lines are priced, at their latest values."),
    "mechanism": ("Mechanisms", "What in behaviour can be switched: [how](../ablate-a-mechanism.md)."),
    "action": ("Actions", "What a professional may do more or less of, and whose footprint is measured."),
    "column": ("Columns", "What is known of each patient, professional, team and place."),
    "draw": ("Random draws", "Every named random decision."),
}
"""Title and first sentence of the page of each kind."""
DOORS: Final[Mapping[str, Sequence[str]]] = {
    "careteams": ("",),
    "results": ("run", "query", "figures", "comparison", "intervals", "budget", "statement", "explain", "story"),
    "scenarios": ("reading", "running", "overrides", "arms", "comparing", "study.design", "study.laboratory",
                  "study.store", "patterns.declaration"),
    "sim": ("model", "collector", "world", "specification", "registry", "draws", "measures", "accounts", "footprints",
            "outcomes.declaration", "parameters", "mechanisms", "tariffs", "payment.policy", "payment.terms",
            "payment.sheet", "payment.statement", "payment.accounts_of_year", "payment.contract", "payment.history",
            "payment.norms", "payment.reform", "payment.sharing.rule", "territory.grid"),
    "agents": ("mistakes", "declarations", "patients", "physicians", "nurses", "teams", "hospitals", "payer", "quotes",
               "views"),
}  # fmt: skip
"""Modules whose docstrings are for those who call them, by room; "" is the room itself."""


def write(folder: Path, *, docstrings: bool = True) -> None:
    """Write every reference page into a folder, in the place of what is there.

    Args:
        folder: the folder.
        docstrings: whether there are pages of docstrings, which import most of the house and take a minute.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in {**declared_pages(), **(docstring_pages() if docstrings else {})}.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "index.md").write_text(_index(docstrings), encoding="utf-8")


def declared_pages() -> dict[str, str]:
    """A page for each kind of declared thing, by name of its file."""
    everything("policy")  # a rule declares its own measures where it is written
    return {f"{kind}s.md": _page(kind, title, said) for kind, (title, said) in KINDS.items()}


def _page(kind: str, title: str, said: str) -> str:
    groups: dict[str, list[Declared]] = {}
    for found in everything(kind).values():
        group, dot, _rest = found.name.partition(".")
        groups.setdefault(group if dot else "", []).append(found)
    parts = [f"# {title}", said]
    for group, members in groups.items():
        parts += [f"## {group}"] * bool(group) + [_table(members)]
    return "\n\n".join(parts) + "\n"


def _table(members: Sequence[Declared]) -> str:
    """A table of declared things, without the columns in which none of them says anything."""
    head = ("name", "meaning", "unit", "value", "range", "source", "how sure")
    rows = [(code(d.name), d.label, d.unit, _value(d.default), _span(d), d.source, d.status) for d in members]
    told = [i for i in range(len(head)) if any(row[i] for row in rows)]
    return table([head[i] for i in told], [[row[i] for i in told] for row in rows])


def _value(value: Any) -> str:
    return "" if value is None else code(plain(value))


def _span(found: Declared) -> str:
    return "" if found.low is None or found.high is None else f"{plain(found.low)} – {plain(found.high)}"


def docstring_pages() -> dict[str, str]:
    """The modules that their users call, with their docstrings, and a map of all modules, by name of the file."""
    pages = {f"api-{room}.md": _api(room, modules) for room, modules in DOORS.items()}
    return {**pages, "modules.md": _map()}


def _api(room: str, modules: Sequence[str]) -> str:
    parts = [f"# `{room}`"]
    for name in modules:
        module = f"{room}.{name}" if name else room
        parts += [f"## `{module}`"] * bool(name)
        parts.append(f"```{{eval-rst}}\n.. automodule:: {module}\n   :members:\n```")
    return "\n\n".join(parts) + "\n"


def _map() -> str:
    """Every module and the first line of its docstring."""
    parts = ["# Every module", "What each file is for, in its own first words."]
    for room in ROOMS:
        rows = [
            (code(path.relative_to(ROOT).as_posix()), _first_line(path)) for path in sorted((ROOT / room).rglob("*.py"))
        ]
        parts += [f"## {room}", table(["file", "what it is for"], rows)]
    return "\n\n".join(parts) + "\n"


def _first_line(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0]


def _index(docstrings: bool) -> str:
    """The table of contents of the reference."""
    parts = ["# Reference", "Made from the declarations and the docstrings of the code when this site was built."]
    parts.append(_contents("What is declared", [f"{kind}s" for kind in KINDS]))
    if docstrings:
        parts.append(_contents("What can be called", [*(f"api-{room}" for room in DOORS), "modules"]))
    return "\n\n".join(parts) + "\n"


def _contents(caption: str, pages: Sequence[str]) -> str:
    return f"```{{toctree}}\n:caption: {caption}\n:maxdepth: 1\n\n" + "\n".join(pages) + "\n```"

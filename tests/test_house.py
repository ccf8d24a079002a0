"""Tests of the house itself: what agents may not know, how long a function may be, whether the pages tell the truth.

Each rule is a small function that lists what breaks it. Every rule is tried on the house, which must be clean, and on
a made-up offender, which must be caught: a rule that cannot fail protects nothing.
"""

import ast
import inspect
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.specification import POLICIES

ROOT = Path(__file__).parents[1]
ROOMS = ("agents", "sim", "scenarios", "results")
GENERATED = ROOT / "docs" / "reference"
"""What the build of the site writes there, and writes again while other tests run, is nobody's page."""
PAGES = sorted([*ROOT.glob("*.md"), *(page for page in (ROOT / "docs").rglob("*.md") if GENERATED not in page.parents)])

LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
LONG_FUNCTIONS: dict[str, str] = {}
"""Functions that may be longer, as ``path:name``, each with its reason."""

KINDS_OF_PEOPLE = {"asalee", "ipa", "medical_assistant"}
"""Words that name a payment rule and also a kind of nurse or secretary: an agent may be one."""


def modules(*rooms: str) -> list[Path]:
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


HOUSE = [ROOT / "careteams.py", *modules(*ROOMS, "benchmarks")]


# Agents do not know the policies.


def policies_named(text: str) -> set[str]:
    """Payment rules that a text names, as whole words or as a part between underscores."""
    stems = {re.sub(r"_\d{4}$", "", name) for name in POLICIES} - KINDS_OF_PEOPLE
    found = re.findall(rf"(?<![a-z])(?:{'|'.join(sorted(stems))})(?![a-z])", text.lower())
    return set(found)


@pytest.mark.parametrize("path", modules("agents"), ids=shown)
def test_agents_name_no_policy(path: Path) -> None:
    assert policies_named(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize("name", ["peps", "ipep", "enmr", "rosp", "aci_msp", "aci_cpts", "fee_for_service"])
def test_a_policy_named_by_an_agent_is_caught(name: str) -> None:
    assert policies_named(f"if team.contract == {name!r}: ...") == {name}
    assert policies_named(f"{name.upper()}_RATE = 1") == {name}
    assert policies_named("the steps of a prosper team") == set()


# Modules and functions stay short, packages say what they are.


def long_functions(source: str) -> dict[str, int]:
    """Functions that are too long, with their lines; decorators and the docstring do not count."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            docstring = first.end_lineno - first.lineno + 1 if ast.get_docstring(node) and first.end_lineno else 0
            lines = (node.end_lineno or node.lineno) - node.lineno + 1 - docstring
            if lines > LONGEST_FUNCTION:
                found[node.name] = lines
    return found


@pytest.mark.parametrize("path", HOUSE, ids=shown)
def test_modules_and_functions_are_short(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= LONGEST_MODULE
    excused = {entry.split(":")[1] for entry in LONG_FUNCTIONS if entry.startswith(f"{shown(path)}:")}
    assert {name: lines for name, lines in long_functions(source).items() if name not in excused} == {}


def test_a_long_function_is_caught() -> None:
    body = "    x = 1\n"
    docstring = '    """Idea.\n\n    More.\n    """\n'
    assert long_functions("def f():\n" + docstring + body * (LONGEST_FUNCTION - 1)) == {}
    assert long_functions("def f():\n" + docstring + body * LONGEST_FUNCTION) == {"f": LONGEST_FUNCTION + 1}


def test_excuses_are_still_needed() -> None:
    for entry in LONG_FUNCTIONS:
        path, name = entry.split(":")
        assert name in long_functions((ROOT / path).read_text(encoding="utf-8")), entry


def test_every_package_says_what_it_is() -> None:
    for folder in {path.parent for path in modules(*ROOMS)}:
        door = folder / "__init__.py"
        assert door.exists(), f"{shown(folder)} holds modules and is no package"
        assert ast.get_docstring(ast.parse(door.read_text(encoding="utf-8"))), f"{shown(door)} has no docstring"


# Imports and draws that the tools do not see.


def imported(source: str) -> set[str]:
    """Top-level names that a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def calls_hash(source: str) -> bool:
    """Whether a module calls Python's ``hash``, which changes with PYTHONHASHSEED."""
    nodes = ast.walk(ast.parse(source))
    return any(isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "hash" for n in nodes)


@pytest.mark.parametrize("path", modules(*ROOMS), ids=shown)
def test_nobody_inside_uses_the_front_door_or_an_unkeyed_hash(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert "careteams" not in imported(source), "careteams.py stands above the rooms"
    assert not calls_hash(source), "use sim.draws.content_id"


def test_the_front_door_and_the_unkeyed_hash_are_caught() -> None:
    assert imported("def f():\n    from careteams import load\n") == {"careteams"}
    assert calls_hash("seed = hash('village')")
    assert not calls_hash("seed = content_id('village')")


# The pages tell the truth.


def links(text: str) -> list[str]:
    """Local targets of the Markdown links and images of a page, without their anchors."""
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    return [t.split("#")[0] for t in targets if not re.match(r"[a-z]+:|#", t)]


def named_paths(text: str) -> list[str]:
    """Paths inside the house that a page names in backticks, what is made by running left out."""
    places = "|".join([*ROOMS, "tests", "docs", "benchmarks"])
    found = re.findall(rf"`((?:{places})/[\w./-]*)`", text)
    return [path for path in found if not path.startswith("results/runs")]


def code_blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every ``careteams`` command of the pages: its subcommand, and the options it uses."""
    for page in PAGES:
        for block in code_blocks(page.read_text(encoding="utf-8"), "sh"):
            for line in block.splitlines():
                words = line.split("#")[0].split()
                if words[:1] == ["careteams"]:
                    yield words[1], [word for word in words[2:] if word.startswith("--") and word != "--help"]


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_links_and_paths_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [target for target in links(text) if not (page.parent / target).exists()] == []
    assert [path for path in named_paths(text) if not (ROOT / path).exists()] == []


def test_a_dead_link_is_seen() -> None:
    assert links("[a](docs/nowhere.md#x) ![b](c.png) [d](https://e.org) [f](#g)") == ["docs/nowhere.md", "c.png"]
    assert named_paths("`sim/nothing.py` `results/runs/` `make test`") == ["sim/nothing.py"]


def test_make_targets_of_the_pages_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert {"demo", "test"} <= targets
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        named = re.findall(r"`make ([a-z]+)`", text)
        for block in code_blocks(text, "sh"):
            named += re.findall(r"^make ([a-z]+)", block, flags=re.MULTILINE)
        assert set(named) <= targets, shown(page)


def test_commands_of_the_pages_exist(capsys: pytest.CaptureFixture[str]) -> None:
    from scenarios.cli import main

    shown_commands = list(commands())
    assert {"run", "presets", "describe", "check", "territory"} <= {name for name, _ in shown_commands}
    for name, options in shown_commands:
        assert main([name, "--help", "--lang", "en"]) == 0, name
        explained = capsys.readouterr().out
        assert [option for option in options if option not in explained] == [], name


def test_three_lines_of_python_name_what_exists() -> None:
    (block,) = code_blocks((ROOT / "README.md").read_text(encoding="utf-8"), "python")
    statements = ast.parse(block).body
    assert [ast.unparse(statement) for statement in statements] == [
        "import careteams",
        "run = careteams.load('agapanthes').run(years=2)",
        "run.plot('territory')",
    ]
    import careteams
    from results.run import Run

    scenario = careteams.load("agapanthes")
    inspect.signature(scenario.run).bind(years=2)
    inspect.signature(Run.plot).bind("a run", "territory")


# The root files agree with each other.


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = re.escape(project["version"])
    for name, pattern in {
        "CITATION.cff": rf"^version: {version}$",
        "publiccode.yml": rf'^softwareVersion: "{version}"$',
        "CHANGELOG.md": rf"^## {version}\b",
    }.items():
        assert re.search(pattern, (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE), name
    for name in ("CITATION.cff", "publiccode.yml"):
        assert re.search(rf"^ *license: {project['license']}$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)


def test_metadata_has_what_its_readers_require() -> None:
    cff = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    public = (ROOT / "publiccode.yml").read_text(encoding="utf-8")
    for text, required in (
        (cff, {"cff-version", "message", "title", "authors"}),
        (public, {"publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus", "softwareType",
                  "description", "legal", "maintenance", "localisation"}),
    ):  # fmt: skip
        assert "\t" not in text
        keys = re.findall(r"^([A-Za-z-]+):", text, flags=re.MULTILINE)
        assert required <= set(keys)
        assert len(keys) == len(set(keys)), "a key is there twice"
    for language in ("en", "fr"):
        assert re.search(rf"^  {language}:$", public, flags=re.MULTILINE)
    for short in re.findall(r"shortDescription: (.*)", public):
        assert len(short) <= 150, "publiccode.yml allows 150 characters"


def find_python(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", ROOT / ".ci" / "find-python"], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(os.name != "posix", reason="make and sh")
def test_python_is_found_or_its_absence_is_said_in_one_line(tmp_path: Path) -> None:
    nowhere = {"PATH": str(tmp_path), "PYENV_ROOT": str(tmp_path), "HOME": str(tmp_path)}
    found = find_python(**nowhere, PYTHON=sys.executable)
    assert found.returncode == 0
    assert Path(found.stdout.strip()).exists()
    absent = find_python(**nowhere)
    assert absent.returncode == 1
    assert absent.stdout == ""
    assert absent.stderr.count("\n") == 1
    assert "3.12" in absent.stderr


@pytest.mark.skipif(os.name != "posix", reason="executable bit")
def test_the_ci_runs_what_a_contributor_runs() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = script.read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines
    assert lines.index("make test") < lines.index("make demo")

"""Every block of code of every page is executed, and the site that is built of them has no dead link."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import jupytext
import matplotlib.pyplot as plt
import nbformat
import pytest
from nbclient import NotebookClient

import careteams
from results.messages import set_language
from scenarios.running import simulate
from sim.payment.rules import policy_class
from tests.pages.reader import ROOT, Reader, pages, plain, small_front_door, unreadable
from tests.pages.shrinking import smaller, smaller_design

SHOWN_FILES = ("docs/examples", "tests/data")
"""Files that come with careteams, which pages name as from its folder."""


@pytest.fixture(scope="session")
def shared_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of a small Agapanthes."""
    scenario = careteams.load("agapanthes")
    small = scenario.changed(*smaller(scenario.specification), years=2)
    return simulate(small.specification, out=tmp_path_factory.mktemp("shared") / "run", progress=False)


@pytest.fixture(scope="session")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where studies are kept, so that what was run for one page is not run again for another."""
    return tmp_path_factory.mktemp("studies")


@pytest.fixture
def desk(tmp_path: Path, studies: Path) -> Path:
    """An empty folder to read a page in, and in it what comes with careteams."""
    folder = tmp_path / "desk"
    for name, place in (("results/runs/studies", studies), *((name, ROOT / name) for name in SHOWN_FILES)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(place, target_is_directory=True)
    return folder


@pytest.fixture
def reader(desk: Path, shared_run: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """A reader at her desk, in English."""
    monkeypatch.chdir(desk)
    monkeypatch.setattr(sys, "path", [str(desk), *sys.path])
    monkeypatch.setenv("LANGUAGE", "en")
    set_language("en")
    before = set(sys.modules)
    with small_front_door(monkeypatch):
        yield Reader(desk, shared_run)
    plt.close("all")
    for name in set(sys.modules) - before:
        if (desk / f"{name}.py").exists():
            del sys.modules[name]
    policy_class.cache_clear()


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_what_a_page_says_can_be_done(page: Path, reader: Reader) -> None:
    assert unreadable(page.read_text(encoding="utf-8")) == []
    reader.read(page)


# The notebook is the tutorial.


def cells(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def test_the_notebook_says_what_the_page_says() -> None:
    page = jupytext.read(ROOT / "docs" / "researchers.md")
    assert cells(nbformat.read(ROOT / "docs" / "researchers.ipynb", 4)) == cells(page), "make notebook"


@pytest.mark.filterwarnings("ignore:.*event loop.*:DeprecationWarning")  # of Jupyter's client, not of ours
def test_the_notebook_runs(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")  # as when activated
    monkeypatch.setenv("LANGUAGE", "en")
    notebook = nbformat.read(ROOT / "docs" / "researchers.ipynb", 4)
    done = NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(desk)}}
    ).execute()
    said = "".join(out.get("text", "") for cell in done.cells for out in cell.get("outputs", []))
    assert "mean_wait_days" in said
    assert (desk / "results" / "runs" / "answer" / "comparison.png").exists()


# Numbers of the first page are those of the validation.


@pytest.mark.parametrize("page", ["README.md", "README.fr.md"])
def test_answers_of_the_first_page_are_those_of_the_validation(page: str) -> None:
    known = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    rows = [
        line for line in (ROOT / page).read_text(encoding="utf-8").splitlines() if re.search(r"\(V-[\w-]+\) \|$", line)
    ]
    assert len(rows) > 4
    for row in rows:
        (pattern,) = re.findall(r"\((V-[\w-]+)\) \|$", row)
        read = re.sub(r"(?<=\d),(?=\d)", ".", row) if page.endswith(".fr.md") else row
        (value, low, high) = re.findall(r"(-?[\d.]+)[^|()]*\((-?[\d.]+) – (-?[\d.]+)\) \|", read)[0]
        assert re.search(rf"\| {pattern} .*\| {value} \| {low} – {high} \|", known), row


# The reader can fail.


def page_of(folder: Path, text: str) -> Path:
    page = folder / "page.md"
    page.write_text(text, encoding="utf-8")
    return page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("```python\n1 / 0\n```\n", "division"),
        ("```python\n>>> 1 + 1\n3\n\n```\n", "Expected"),
        ("```sh\ncareteams prests\n```\n", "prests"),
        ("```sh\nrm -r results\n```\n", "who types rm"),
        ("```sh\ncareteams bench --siz 3\n```\n", "--siz"),
        ("```console\n$ careteams --version\nsomething else\n```\n", "something else"),
        ('```toml\nextends = "agapanthe"\n```\n', "agapanthes"),
        ("```csv\na,b\n```\n", "saved"),
    ],
)
def test_a_wrong_block_is_caught(text: str, said: str, tmp_path: Path, reader: Reader) -> None:
    with pytest.raises(Exception, match=said):
        reader.read(page_of(tmp_path, text))


def test_files_are_saved_as_the_text_says_and_numbers_may_differ(tmp_path: Path, reader: Reader) -> None:
    text = "Save it as `tiny.toml`:\n\n```toml\nyears = 3\n```\n\n```console\n$ careteams check tiny.toml\n"
    said = "tiny.toml: good (7 teams, 9 years).\n```\n"
    assert reader.read(page_of(tmp_path, text + said)) == 2
    assert reader.done == ["check"]
    assert plain("a  1,234.5 EUR\n-----") == ["a # EUR", "---"]


def test_a_block_that_nobody_would_execute_is_seen() -> None:
    assert unreadable("```bash\nls\n```\n") == ["```bash"]
    assert unreadable("```text\ncareteams run x\n```\n")
    assert unreadable("Do this:\n\n    careteams run x\n")
    assert unreadable("```sh\ncareteams presets\n```\n\n    a drawing\n") == []


def test_what_is_made_small_keeps_its_shape() -> None:
    spec = careteams.load("agapanthes").specification
    small = careteams.load("agapanthes", *smaller(spec)).specification
    assert small.territory.people < spec.territory.people
    assert small.teams.keys() == spec.teams.keys()
    assert small.teams["agapanthes"].contract == spec.teams["agapanthes"].contract
    assert smaller(small) == []
    design = 'scenario = "agapanthes"\nseeds = 200\nyears = 10\n'
    assert "seeds = 2\nyears = 1\n" in smaller_design(design)
    assert "territory.people=2000" in smaller_design(design)

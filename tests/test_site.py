"""The documentation site: it builds without a warning, holds every page, and asks nothing of any host."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scenarios.reference import DOORS, KINDS, declared_pages, docstring_pages
from sim.registry import KINDS as REGISTERED
from sim.registry import everything

ROOT = Path(__file__).parents[1]
ASKED = re.compile(r'<(?:script|img|iframe|source)\b[^>]*\bsrc="([^"]+)"|<link\b[^>]*\bhref="([^"]+)"')
STYLED = re.compile(r"""(?:@import|url\()\s*["']?(https?:)?//""")
BUILD = "--fail-on-warning --keep-going --quiet -t quick -c docs"


def asked_of(html: str) -> list[str]:
    """Addresses that a browser asks for when it opens a page."""
    return [script or style for script, style in ASKED.findall(html)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site without the pages of docstrings, which `make docs` has and which import most of the house."""
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", *BUILD.split(), str(ROOT), str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


@pytest.mark.slow
def test_the_site_asks_nothing_of_any_host(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        far = [address for address in asked_of(page.read_text(encoding="utf-8")) if re.match(r"(https?:)?//", address)]
        assert far == [], page
    for sheet in site.rglob("*.css"):
        assert not STYLED.search(sheet.read_text(encoding="utf-8")), sheet


@pytest.mark.slow
def test_every_page_is_in_the_site_and_can_be_found(site: Path) -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert (site / "docs" / page.name).with_suffix(".html").exists()
        assert page.name == "index.md" or f"]({page.name})" in index, f"{page.name} is not in docs/index.md"
    assert (site / "index.html").exists()
    assert (site / "searchindex.js").stat().st_size > 100_000
    formulas = (site / "docs" / "odd.html").read_text(encoding="utf-8").count("<math")
    assert formulas > 10


def test_what_a_browser_asks_for_is_seen() -> None:
    html = (
        '<script src="https://a.org/x.js"></script><link rel="stylesheet" href="//b.org/c.css"><a href="https://d.org">'
    )
    assert asked_of(html) == ["https://a.org/x.js", "//b.org/c.css"]
    assert STYLED.search("@import 'https://e.org/f.css'")


def test_the_reference_holds_whatever_is_declared() -> None:
    assert set(KINDS) == set(REGISTERED)
    pages = declared_pages()
    for kind in KINDS:
        assert [name for name in everything(kind) if f"| `{name}` |" not in pages[f"{kind}s.md"]] == []


def test_the_reference_names_modules_that_exist_and_every_file() -> None:
    pages = docstring_pages()
    for room, names in DOORS.items():
        for name in names:
            path = ROOT / room / name.replace(".", "/") if name else ROOT / room
            assert path.with_suffix(".py").exists() or (path / "__init__.py").exists(), path
    for room in ("agents", "sim", "scenarios", "results"):
        for path in (ROOT / room).rglob("*.py"):
            assert f"`{path.relative_to(ROOT).as_posix()}`" in pages["modules.md"]

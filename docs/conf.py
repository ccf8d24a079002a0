"""The documentation site: `make docs`. Nothing in the built pages asks for the network.

The pages are plain Markdown, read as well on a forge. What is in the navigation is what `index.md` links to: its
headings are the captions, its links the entries.
"""

import gc
import re
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from scenarios.reference import write  # noqa: E402 - found by the line above

gc.set_threshold(200_000, 20)  # a page of tables is as many objects, and none of them is garbage

project = "careteams"
author = "The careteams developers"
copyright = "the careteams developers, under the MIT licence"  # noqa: A001 - Sphinx calls it so
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "docs/index"
include_patterns = ["*.md", "docs/**.md"]
exclude_patterns = ["build", "results", "tests", "sim", "agents", "scenarios", "benchmarks", ".*", "**/.*"]

myst_enable_extensions = ["dollarmath"]
myst_fence_as_directive = ["math"]
myst_heading_anchors = 4
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
napoleon_use_ivar = True
default_role = "code"
suppress_warnings = ["ref.python"]  # two classes may each have a `kind`; the type in a signature then links to neither

html_theme = "furo"
html_title = "careteams"
html_math_renderer = "mathml"
html_extra_path = ["site"]
html_copy_source = False
html_show_sourcelink = False
html_permalinks_icon = "#"
html_static_path: list[str] = []

INDEX = "docs/index"
ENTRY = re.compile(r"\[[^\]]+\]\(([^)#]+\.md)\)")


def navigation(_app: Any, page: str, source: list[str]) -> None:
    """Make the navigation out of the links of the index; entries whose page is not there are left out of the site."""
    if page != INDEX:
        return
    shown: list[str] = []
    for section in re.split(r"(?m)^(?=## )", source[0]):
        entries = re.split(r"(?m)^(?=\* )", section)
        kept = [entry for entry in entries if all(map(_is_there, ENTRY.findall(entry)))]
        pages = [target for entry in kept if entry.startswith("* ") for target in ENTRY.findall(entry)]
        shown.append("".join(kept) + _toctree(section.split("\n")[0].removeprefix("## "), pages))
    source[0] = "".join(shown) + _toctree("Reference", ["reference/index.md"])


def _is_there(target: str) -> bool:
    return (ROOT / "docs" / target).exists()


def _toctree(caption: str, pages: list[str]) -> str:
    if not pages or caption.startswith("#"):
        return ""
    return f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n" + "\n".join(pages) + "\n```\n\n"


def _formula(self: Any, node: nodes.Element) -> None:
    """A formula as MathML, which browsers draw by themselves."""
    block = isinstance(node, nodes.math_block)
    self.body.append(convert(node.astext(), display="block" if block else "inline"))
    raise nodes.SkipNode


def examples(_app: Any, what: str, _name: str, _found: Any, _options: Any, lines: list[str]) -> None:
    """What is set in at the door of a module is code, to Sphinx as to who reads the file."""
    if what == "module":
        for i in range(len(lines) - 1, -1, -1):
            opens = lines[i].startswith("    ") and (i == 0 or not lines[i - 1].strip())
            before = next((line for line in reversed(lines[:i]) if line.strip()), "")
            if opens and not before.startswith("    "):
                lines.insert(i, "")
                lines.insert(i, "::")


def setup(app: Any) -> None:
    """Reference pages are written before Sphinx looks for pages."""
    app.connect("autodoc-process-docstring", examples)
    docstrings = not app.tags.has("quick")
    app.connect("builder-inited", lambda _: write(ROOT / "docs" / "reference", docstrings=docstrings))
    app.connect("source-read", navigation)
    app.add_html_math_renderer("mathml", (_formula, None), (_formula, None))

"""A report as files: one page with everything in it, and its pictures and tables beside."""

from pathlib import Path
from typing import Final

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from results.figures.style import save
from results.messages import _, language
from results.provenance import in_page, record, with_provenance
from results.report.blocks import Picture, Report, Table

HERE: Final = Path(__file__).parent
BESIDE: Final = "_files"
"""End of the name of the folder with pictures and tables."""


def page(report: Report) -> str:
    """The page, which needs no other file."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, undefined=StrictUndefined
    )
    return environment.get_template("page.html.j2").render(
        report=report, lang=language(), words=_words(), style=Markup((HERE / "page.css").read_text(encoding="utf-8")),
        foot=_("Made by careteams, a laboratory for payment reform in primary care. It reasons about rules; it "
               "predicts nothing about a real team, town or person."),
        record=Markup(in_page(record(report.provenance))),
    )  # fmt: skip


def _words() -> dict[str, str]:
    """Words of the page itself."""
    return {
        "skip": _("Skip to the report"), "contents": _("Contents"), "short": _("In short"),
        "figure": _("What the figure shows, in words"), "starts": _("What this starts from"),
    }  # fmt: skip


def write(report: Report, file: Path) -> list[Path]:
    """Write the page, and PNG, SVG, text and CSV files beside it; the files written."""
    beside = file.with_name(file.stem + BESIDE)
    beside.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.tmp")
    temporary.write_text(page(report), encoding="utf-8")
    temporary.replace(file)
    files = [file]
    for block in report.blocks():
        if isinstance(block, Picture):
            files += save(block.described, beside)
        elif isinstance(block, Table):
            table = pd.DataFrame([list(row) for row in block.rows], columns=list(block.heads))
            path = beside / f"{block.name}.csv"
            with_provenance(table, report.provenance).to_csv(path, index=False)
            files.append(path)
    return files

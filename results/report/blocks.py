"""What a report is made of: sections of paragraphs, lists, tables and figures, before anybody thinks of HTML."""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from results.figures.style import Described, styled

DPI: Final = 160
"""Resolution of pictures inside a page: sharp at the width of a desk, small enough for a phone."""


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs."""

    paragraphs: Sequence[str]
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: Sequence[str]
    kind: str = "items"


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row names it.

    Attributes:
        caption: what it holds.
        heads: one a column.
        rows: cells as people read them.
        name: of the CSV file beside the page.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    name: str
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure, with its title, a short alternative and its words in full."""

    described: Described
    kind: str = "picture"

    @property
    def source(self) -> str:
        """The picture as part of a page."""
        content = io.BytesIO()
        with styled():
            self.described.figure.savefig(content, format="png", dpi=DPI)
        return "data:image/png;base64," + base64.b64encode(content.getvalue()).decode("ascii")


@dataclass(frozen=True, slots=True)
class Why:
    """A payment, the steps that give it, and what they start from.

    Attributes:
        said: the payment in one line.
        steps: the arithmetic, in order.
        facts: terms and measures, each with its source.
    """

    said: str
    steps: Sequence[str]
    facts: Sequence[str]
    kind: str = "why"


type Block = Text | Items | Table | Picture | Why


@dataclass(frozen=True, slots=True)
class Detail:
    """A part of a section under a heading of its own."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Section:
    """A section.

    Attributes:
        id: where links lead.
        title: its heading.
        blocks: what it says.
        details: parts of it under headings of their own.
    """

    id: str
    title: str
    blocks: Sequence[Block] = ()
    details: Sequence[Detail] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    Attributes:
        title: its heading.
        question: what was asked.
        lead: what it comes to, in a few sentences.
        sections: in order.
        provenance: what the numbers come from.
    """

    title: str
    question: str
    lead: Sequence[str]
    sections: Sequence[Section]
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def blocks(self) -> list[Block]:
        """Every block, in order."""
        found: list[Block] = []
        for section in self.sections:
            found += section.blocks
            for detail in section.details:
                found += detail.blocks
        return found


@dataclass(frozen=True, slots=True)
class Assumption:
    """An assumption that the results rest on.

    Attributes:
        id, title: its key and what it is.
        value: as people read it.
        span: between what it may lie.
        source: where it comes from.
        prior_driven: whether calibration taught nothing of it; None where nobody has calibrated.
        weight: rank correlation with the key difference over an ensemble; None where there is none.
    """

    id: str
    title: str
    value: str
    span: str
    source: str
    prior_driven: bool | None = None
    weight: float | None = None

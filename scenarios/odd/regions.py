"""Marked regions of a page: what stands between two comments is made from the code, all the rest is written by hand.

<!-- generated: parameters needs -->
...
<!-- /generated -->
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from agents.mistakes import Mistake

START: Final = re.compile(r"<!-- generated: (?P<what>.+) -->")
END: Final = "<!-- /generated -->"


def filled(text: str, make: Callable[[str], str], page: str) -> str:
    """A page with every region made anew.

    Args:
        text: the page.
        make: gives the text of a region by what its comment asks for.
        page: name of the page, for mistakes.

    Raises:
        Mistake: a region that is not closed, or a closing comment without a region.
    """
    lines: list[str] = []
    inside = ""
    for line in text.splitlines():
        start = START.fullmatch(line.strip())
        if (start and inside) or (line.strip() == END and not inside):
            raise Mistake('{page}: "{line}" stands where no region can begin or end.', page=page, line=line)
        if start:
            inside = start["what"]
            lines += [line, "", make(inside).strip("\n"), ""]
        elif line.strip() == END:
            inside = ""
            lines.append(line)
        elif not inside:
            lines.append(line)
    if inside:
        raise Mistake('{page}: the region "{region}" is never closed.', page=page, region=inside)
    return "\n".join(lines) + "\n"


def regions(text: str) -> Iterator[str]:
    """What the regions of a page ask for, in order."""
    for line in text.splitlines():
        if start := START.fullmatch(line.strip()):
            yield start["what"]


def by_hand(text: str) -> str:
    """A page without what is made from the code."""
    return filled(text, lambda _: "", "")

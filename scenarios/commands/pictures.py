"""A picture that the user of a command asked for, in the file that the user named."""

from pathlib import Path
from typing import TYPE_CHECKING

from agents.mistakes import Mistake

if TYPE_CHECKING:
    from results.figures.style import Described


def saved(described: "Described", file: Path) -> Path:
    """Write a figure to a file, and its words beside it.

    Raises:
        Mistake: when the file cannot be written, or is of no kind of picture.
    """
    from results.figures.style import write, write_words

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write(described, file)
        write_words(described, file)
    except (OSError, ValueError) as error:
        raise Mistake("{file}: the figure cannot be written ({reason}).", file=file, reason=error) from None
    return file

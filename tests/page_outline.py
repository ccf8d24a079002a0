"""What a page is made of, for tests that read one without a browser."""

from html.parser import HTMLParser
from typing import Any


class Outline(HTMLParser):
    """The elements of a page, in their order, each with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, Any]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, *tags: str) -> list[dict[str, Any]]:
        """Attributes of the elements of some kinds."""
        return [attrs for tag, attrs in self.elements if tag in tags]

    def heading_levels(self) -> list[int]:
        """Levels of the headings, 1 to 4, in their order."""
        return [int(tag[1]) for tag, _ in self.elements if tag in ("h1", "h2", "h3", "h4")]

"""Commands that answer in English, whatever the machine speaks."""

from collections.abc import Iterator

import pytest

from results.messages import set_language


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No locale of the environment, and English again afterwards; a module that imports it uses it."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    yield
    set_language("en")

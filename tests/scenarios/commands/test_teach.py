import argparse
import json
from pathlib import Path
from unittest.mock import patch

import pytest

from agents.mistakes import Mistake
from scenarios.cli import main
from scenarios.commands import teach
from scenarios.teaching import making
from tests.taught import taught_payload


def options(**given: object) -> argparse.Namespace:
    usual = {"out": None, "kit": None, "payload": None, "quick": True, "keep": None, "workers": 1, "quiet": True}
    return argparse.Namespace(**{**usual, **given})


def test_a_page_a_kit_and_numbers_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, kit, numbers = tmp_path / "deep" / "page.html", tmp_path / "kit", tmp_path / "numbers.json"
    taught = taught_payload()  # made before its maker is replaced
    with patch.object(making, "payload", lambda *_, **__: taught):
        assert teach.teach(options(out=str(page), kit=str(kit), payload=str(numbers))) == 0
    assert page.stat().st_size <= teach.PAGE_BYTES
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert {file.name for file in kit.iterdir()} == {
        f"{name}-{language}.html" for name in ("worksheets", "answers", "plan") for language in ("en", "fr")
    }
    assert json.loads(numbers.read_text(encoding="utf-8")) == taught_payload()
    assert str(page) in capsys.readouterr().out


def test_nothing_asked_for_is_a_mistake_before_anything_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "teach"]) == 2
    assert "--out page.html" in capsys.readouterr().err


def test_a_folder_is_no_page(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="this is a folder"):
        teach.teach(options(out=str(tmp_path)))


def test_a_page_that_is_too_large_is_refused() -> None:
    with pytest.raises(Mistake, match="more than the"):
        teach.page_of_size("x" * (teach.PAGE_BYTES + 1))
    assert teach.page_of_size("page") == "page"

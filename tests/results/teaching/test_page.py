import base64
import gzip
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from results.teaching.page import WEB, PageError, assembled, bundled, ordered, packed
from tests.results.teaching.invented_page import invented_payload

LOCK = WEB / "package-lock.json"


@pytest.fixture(scope="module")
def page() -> str:
    return assembled(invented_payload())


def inside(page: str, opening: str, closing: str) -> str:
    return page.split(opening, 1)[1].split(closing, 1)[0]


def test_the_page_holds_everything_and_names_no_file_or_host_to_fetch(page: str) -> None:
    head = re.sub(r'<script type="application/[^>]*>.*?</script>', "", page, flags=re.DOTALL)
    assert re.findall(r'\b(?:src|href)="([^"]*)"', head) == ["data:,", "#main"]
    for way in ("fetch(", "XMLHttpRequest", "import(", "WebSocket", "EventSource", "sendBeacon", "@import", "url(http"):
        assert way not in head, way


def test_the_policy_lets_the_script_and_the_style_of_the_page_run_and_nothing_else(page: str) -> None:
    policy = inside(page, 'Content-Security-Policy" content="', '"')
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for kind, opening, closing in (("style", "<style>", "</style>"), ("script", "<script>", "</script>")):
        digest = hashlib.sha256(inside(page, opening, closing).encode("utf-8")).digest()
        assert f"{kind}-src 'sha256-{base64.b64encode(digest).decode('ascii')}'" in policy


def test_the_payload_comes_out_as_it_went_in_and_is_packed_alike_each_time(page: str) -> None:
    text = inside(page, '<script type="application/gzip" id="payload">', "</script>")
    assert json.loads(gzip.decompress(base64.b64decode(text))) == invented_payload()
    assert text == packed(invented_payload())


def test_words_cannot_end_the_script_that_holds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("results.teaching.page.both", lambda: {"en": {"x": "</script><b>"}})
    page = assembled(invented_payload())
    assert json.loads(inside(page, 'id="words">', "</script>")) == {"en": {"x": "</script><b>"}}


def test_modules_come_after_those_that_they_import() -> None:
    seen: set[str] = set()
    for name, text in ordered(WEB / "js").items():
        assert set(re.findall(r'from "\./([\w.]+)"', text)) <= seen, name
        seen.add(name)
    assert seen == {path.name for path in (WEB / "js").glob("*.js")}, "a module that nobody imports"


def written(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("modules", "fault"),
    [
        ({"main": 'import { a } from "./b.js";\n', "b": 'import { c } from "./main.js";\n'}, "circle: main.js > b.js"),
        ({"main": 'import * as b from "./b.js";\n', "b": ""}, "not known"),
        ({"main": 'import b from "elsewhere";\n'}, "not known"),
        ({"main": "export default 3;\n"}, "not known"),
        ({"main": "export let changing = 3;\n"}, "not known"),
    ],
)
def test_what_cannot_be_put_together_is_refused(tmp_path: Path, modules: dict[str, str], fault: str) -> None:
    with pytest.raises(PageError, match=fault):
        bundled(written(tmp_path, **modules))


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_modules_put_together_do_what_they_did_apart(tmp_path: Path) -> None:
    main = 'import { Two, one as first } from "./parts.js";\nconst hidden = 5;\n'
    main += "process.stdout.write(`${first() + new Two().value + hidden}`);\n"
    parts = "const hidden = 10;\nexport function one() {\n  return hidden;\n}\n"
    parts += "export class Two {\n  value = 200;\n}\n"
    folder = written(tmp_path, main=main, parts=parts)
    ran = subprocess.run(["node", "-e", bundled(folder)], capture_output=True, text=True, check=True)
    assert ran.stdout == "215"


def test_the_lock_of_the_checks_names_no_host() -> None:
    lock = LOCK.read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert set(re.findall(r"https?://([^/\"]+)", lock)) <= {"opencollective.com"}  # where Biome asks for money

"""The teaching page as one file: style, modules, words and payload in a single HTML text that asks nothing of any host.

    Path("page.html").write_text(assembled(payload), encoding="utf-8")

The files of the page are in ``web/``: ``page.html`` is its skeleton, ``css/`` its style, ``js/`` its ES modules, of
which ``main.js`` is the first. Browsers load no modules from a file on disk, so that modules are put one after the
other, each in a function of its own, in the order of their imports.
"""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from results.teaching.words import both

WEB: Final = Path(__file__).parent / "web"
ENTRY: Final = "main.js"
STYLES: Final = ("base", "layout", "controls", "figures", "map", "lesson", "print")
IMPORT: Final = re.compile(r'^import \{([^}]*)\} from "\./([\w.]+)";\n', flags=re.MULTILINE)
EXPORT: Final = re.compile(r"^export ((?:async )?function|class|const) (\w+)", flags=re.MULTILINE)
OTHER: Final = re.compile(r"^(?:import|export)\b.*", flags=re.MULTILINE)
POLICY: Final = (
    "default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)


class PageError(Exception):
    """A file of the page that cannot be put into it: a fault of the code, never of a user."""


def assembled(payload: Mapping[str, Any]) -> str:
    """The whole page.

    Args:
        payload: what the page shows (``PAYLOAD.md`` says what it holds).

    Returns:
        HTML that needs no other file.
    """
    script, style = bundled(WEB / "js"), "\n".join(_read(WEB / "css" / f"{name}.css") for name in STYLES)
    filled = {
        "policy": POLICY.format(script=_fingerprint(script), style=_fingerprint(style)),
        "version": str(payload["about"]["version"]),
        "style": style,
        "words": _harmless(json.dumps(both(), ensure_ascii=False)),
        "payload": packed(payload),
        "script": script,
    }
    return re.sub(r"\{(\w+)\}", lambda found: filled[found[1]], _read(WEB / "page.html"))


def packed(payload: Mapping[str, Any]) -> str:
    """The payload as base64 of its gzip; the same payload gives the same text."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0)).decode("ascii")


def bundled(folder: Path) -> str:
    """The modules of a folder as one script: each in a function that gives what it exports.

    Args:
        folder: holds the modules, with ``main.js``.

    Raises:
        PageError: when a module imports in a circle, from elsewhere, or in a form that is not known here.
    """
    modules = ordered(folder)
    parts = [_wrapped(name, text) for name, text in modules.items()]
    return _harmless('"use strict";\n' + "\n".join(parts))


def ordered(folder: Path) -> dict[str, str]:
    """The modules that ``main.js`` needs, with their texts, each after those that it imports."""
    found: dict[str, str] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise PageError(f"modules import in a circle: {' > '.join((*above, name))}")
        if name in found:
            return
        text = _read(folder / name)
        for _names, other in IMPORT.findall(text):
            visit(other, (*above, name))
        found[name] = text

    visit(ENTRY, ())
    return found


def _wrapped(name: str, text: str) -> str:
    exports = [exported for _kind, exported in EXPORT.findall(text)]
    body = IMPORT.sub(lambda found: f"const {{{_renamed(found[1])}}} = {_variable(found[2])};\n", text)
    body = EXPORT.sub(r"\1 \2", body)
    if left := OTHER.findall(body):
        raise PageError(f"{name}: {left[0]!r} is a form of import or export that is not known here")
    given = ", ".join(exports)
    return f"// {name}\nconst {_variable(name)} = (() => {{\n{body}\nreturn {{ {given} }};\n}})();"


def _renamed(names: str) -> str:
    """Names of an import as names of a pattern: ``a as b`` is ``a: b``."""
    return re.sub(r"(\w+) as (\w+)", r"\1: \2", names)


def _variable(name: str) -> str:
    return "$" + name.removesuffix(".js")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _harmless(text: str) -> str:
    """A text that cannot end the script that holds it."""
    return re.sub(r"<(?=/script|!--)", r"\\u003c", text, flags=re.IGNORECASE)


def _fingerprint(text: str) -> str:
    """SHA-256 as a Content-Security-Policy writes it."""
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")

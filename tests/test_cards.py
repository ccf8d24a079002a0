"""The project's cards (pyproject.toml, CITATION.cff, publiccode.yml) say the same, and what their formats want."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
PUBLIC_CODE = (ROOT / "publiccode.yml").read_text(encoding="utf-8")

MANDATORY = {
    "publiccodeYmlVersion", "name", "url", "releaseDate", "platforms", "categories", "developmentStatus",
    "softwareType", "description", "legal", "maintenance", "localisation",
}  # fmt: skip
"""Keys that publiccode.yml 0.4 wants at the top, https://yml.publiccode.tools."""


def keys(card: str) -> set[str]:
    """Keys at the top of a YAML file."""
    return set(re.findall(r"^([A-Za-z][\w-]*):", card, flags=re.MULTILINE))


def said(card: str, key: str) -> str:
    """The value of a key that stands on its line, wherever it is; "" when it is not there."""
    found = re.search(rf'^\s*(?:- )?{key}: *"?(.*?)"?$', card, flags=re.MULTILINE)
    return found.group(1) if found else ""


def folded(card: str, key: str) -> list[str]:
    """Values of a key that go on over indented lines."""
    texts = re.findall(rf"^ *{key}: >\n((?:      .*\n)+)", card, flags=re.MULTILINE)
    return [" ".join(text.split()) for text in texts]


def test_mandatory_keys_are_there() -> None:
    assert keys(PUBLIC_CODE) >= MANDATORY
    for key in ("license", "type", "localisationReady", "shortDescription"):
        assert said(PUBLIC_CODE, key), key
    assert said(PUBLIC_CODE, "developmentStatus") in ("concept", "development", "beta", "stable", "obsolete")
    assert {"cff-version", "message", "title", "authors"} <= keys(CITATION)


def test_descriptions_are_as_long_as_they_may_be() -> None:
    short = re.findall(r"shortDescription: (.*)", PUBLIC_CODE)
    long = folded(PUBLIC_CODE, "longDescription")
    assert len(short) == len(long) == 2
    assert all(len(text) <= 150 for text in short)
    assert all(150 <= len(text) <= 10_000 for text in long)
    assert all(len(name) <= 35 for name in re.findall(r"genericName: (.*)", PUBLIC_CODE))


@pytest.mark.parametrize(
    ("card", "name", "version"), [(CITATION, "", "version"), (PUBLIC_CODE, "name", "softwareVersion")]
)
def test_name_version_and_licence_are_those_of_the_project(card: str, name: str, version: str) -> None:
    assert said(card, version) == PROJECT["version"]
    assert said(card, "license") == PROJECT["license"] == "MIT"
    assert not name or said(card, name) == PROJECT["name"]


def test_the_address_is_one_everywhere() -> None:
    """While the project has no address, no card pretends to one."""
    addresses = set(PROJECT.get("urls", {}).values()) | ({said(CITATION, "repository-code")} - {""})
    assert addresses == set() or said(PUBLIC_CODE, "url") in addresses
    assert addresses or "//example.org/" in said(PUBLIC_CODE, "url")

from pathlib import Path

from results.worksheets import of_rules

RULE = """
LABELS = {"old": "Old patients", "young": "Young patients"}

class Rule:
    name = "not said"
    title = "A rule: of its own"

def put(sheet, name, label, unit="EUR"):
    sheet.bring(name, 0, label, unit)

def settle(sheet, old):
    sheet.let("a", "b + c", "First" if old else "Second", "points")
    put(sheet, "d", "By a helper", unit="days")
    for group, label in LABELS.items():
        sheet.bring(group, 1, label, "patients", "accounts of last year")
    for name, (text, label) in {"e": ("f", "Of a pair")}.items():
        sheet.let(name, text, label)
    text, label = {"x": ("not", "Chosen")}[old]
    sheet.let("g", text, label, "")
    sheet.bring("h", 1, "Cited", "share", "systems 2.4")
    sheet.pay("lump_sum", "g")
"""

SHEET = """
class Sheet:
    def let(self, name, text, label, unit="EUR"): ...
    def bring(self, name, values, label, unit="EUR", source=""): ...
    def pay(self, component, step): ...
"""


def test_what_a_worksheet_says_is_found_in_the_code(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text(RULE, encoding="utf-8")
    (tmp_path / "sheet.py").write_text(SHEET, encoding="utf-8")
    assert {text for text, _file in of_rules(tmp_path)} == {
        "A rule: of its own", "First", "Second", "points", "By a helper", "days", "Old patients", "Young patients",
        "patients", "accounts of last year", "Of a pair", "Chosen", "Cited", "share", "lump sum",
    }  # fmt: skip


def test_each_text_comes_with_the_file_that_says_it(tmp_path: Path) -> None:
    (tmp_path / "sheet.py").write_text(SHEET, encoding="utf-8")
    (tmp_path / "rule.py").write_text('def f(sheet):\n    sheet.let("a", "1", "One")\n', encoding="utf-8")
    assert list(of_rules(tmp_path)) == [("One", tmp_path / "rule.py")]

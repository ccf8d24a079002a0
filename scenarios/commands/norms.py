"""``careteams norms``: the national norms that a scenario's payment rules compare with, made where they are missing."""

import argparse
import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from results.messages import _, number, percent

if TYPE_CHECKING:
    from sim.payment.norms import Norms

OF_CLASSES: Final = ("gp_fees", "gp_contacts", "spending")
OF_AREAS: Final = ("gp_fees", "contacts", "spending", "spending_factor")
OF_NATION: Final = ("gp_fees", "nurse_fees", "gp_contacts", "spending", "sick_pay")
SHARES: Final = ("registered", "poverty", "share_c2s", "share_c2s_ame")


def norms(options: argparse.Namespace) -> int:
    """Say which norms a scenario uses, make them when they are missing, and print them with their standard errors."""
    from scenarios.norms import Found, find, make
    from scenarios.norms.finding import IN_CACHE
    from scenarios.reading import load
    from scenarios.study.files import put

    spec = load(options.scenario, options.set)
    found = find(spec)
    if found is None:
        found = Found(make(spec, workers=options.workers, progress=not options.quiet), IN_CACHE)
    known = found.read()
    if options.out:
        put(Path(options.out), found.path.read_bytes())
    print(_as_json(known, found.path, found.origin) if options.json else "\n".join(_lines(known, found, spec)))
    return 0


def _as_json(known: "Norms", path: Path, origin: str) -> str:
    """Everything that the norms hold, as one object."""
    content = {
        "file": str(path), "origin": origin, "digest": known.digest, "base_year": known.base_year,
        "about": known.about, "numbers": known.numbers, "trend": known.trend, "growth": known.growth,
        "by_area": known.by_area, "deciles": known.deciles, "by_class": known.by_class,
        "standard_errors": known.standard_errors,
    }  # fmt: skip
    return json.dumps(_plain(content), indent=1, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """A value that JSON knows: arrays as lists, what is not a number as null."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(item) for item in value]
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value if isinstance(value, int | str) else str(value)


def _lines(known: "Norms", found: Any, spec: Any) -> Iterator[str]:
    from scenarios.norms import needs_norms

    origins = {
        "own": _("a table of your own"), "shipped": _("they come with careteams"), "cache": _("they were made here"),
    }  # fmt: skip
    yield _("National norms of {year}: {origin}.", year=known.base_year, origin=origins[found.origin])
    yield _("file:   {file}", file=found.path)
    if known.about.get("patient_years"):
        yield _("made of {years} patient-years in {worlds} territories, parameters {digest}",
                years=number(known.about["patient_years"]), worlds=known.about["worlds"],
                digest=known.about["parameters"])  # fmt: skip
    if not needs_norms(spec):
        yield _("No payment rule of this scenario reads them.")
    yield _("Amounts in EUR a registered patient and year; standard errors after ±.")
    for title, rows in ((_("The nation"), _nation(known)), (_("Living areas"), _areas(known)),
                        (_("Classes of the list"), _classes(known))):  # fmt: skip
        if len(rows) > 1:
            yield from ("", title, *_table(rows))


def _nation(known: "Norms") -> list[list[str]]:
    errors, trends = known.standard_errors.get("numbers", {}), known.standard_errors.get("trend", {})
    rows = [["", _("mean"), _("growth a year")]]
    for name in (*OF_NATION, *SHARES):
        if name not in known.numbers:
            continue
        value, error = known.numbers[name], errors.get(name, math.nan)
        text = _with_error(100 * value, 100 * error) + " %" if name in SHARES else _with_error(value, error)
        growth = ""
        if name in known.trend:
            growth = _with_error(100 * (known.trend[name] - 1), 100 * trends.get(name, math.nan)) + " %"
        rows.append([name, text, growth])
    return rows


def _areas(known: "Norms") -> list[list[str]]:
    from sim.area_types import AREA_TYPES

    return _columns(known, "by_area", [name for name in OF_AREAS if name in known.by_area], AREA_TYPES)


def _classes(known: "Norms") -> list[list[str]]:
    from sim.payment.norms_file import CLASSES

    names = [name for name in OF_CLASSES if name in known.by_class]
    rows = _columns(known, "by_class", names, CLASSES)
    if "share" in known.by_class:
        shares = [_("share"), *(percent(share, 2) for share in known.by_class["share"])]
        rows = [[row[0], share, *row[1:]] for row, share in zip(rows, shares, strict=True)]
    return rows


def _columns(known: "Norms", part: str, names: Sequence[str], owners: Sequence[str]) -> list[list[str]]:
    """A table with a row an owner and a column a name; the heading alone where there is nothing."""
    values, errors = getattr(known, part), known.standard_errors.get(part, {})
    rows = [["", *names]]
    for place, owner in enumerate(owners if names else ()):
        given = (errors.get(name, np.full(len(owners), np.nan))[place] for name in names)
        rows.append([owner, *(_with_error(values[n][place], e) for n, e in zip(names, given, strict=True))])
    return rows


def _with_error(value: float, error: float) -> str:
    """A value to the digits that its standard error leaves it, and the error."""
    if math.isnan(value):
        return "–"
    if math.isnan(error) or error <= 0:
        return number(value, 2)
    decimals = min(4, max(0, 1 - math.floor(math.log10(error))))
    return f"{number(value, decimals)} ± {number(error, decimals)}"


def _table(rows: list[list[str]]) -> Iterator[str]:
    """Lines with columns under each other: names to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
        yield "  " + "  ".join(cells).rstrip()

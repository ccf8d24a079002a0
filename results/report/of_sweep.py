"""The report of a sweep, from the store that ``careteams sweep`` wrote."""

from pathlib import Path
from typing import Final

from results.comparison_shown import shown, span, titled
from results.figures.style import styled
from results.figures.sweep import draw, heading, point_name, sentences
from results.messages import _, in_use, ngettext, number
from results.report.blocks import Block, Detail, Picture, Report, Section, Table, Text
from results.report.common import origin
from results.spoken import several
from results.sweep_summary import SweepSummary, summed_up

POINTS: Final = "points.parquet"
"""The file by which the store of a sweep is known."""
MOST_OUTCOMES: Final = 8
"""Outcomes that are shown, in the order of the design."""
MOST_POINTS: Final = 200
"""Rows of a table of points."""
MOST_RANKS: Final = 10
MOST_FAILURES: Final = 10
MOST_IN_SHORT: Final = 4


def report(folder: Path, file: str = "report.html") -> Report:
    """The report of a sweep.

    Args:
        folder: the store.
        file: name of the page, for who wants to make it again.

    Raises:
        RunError: when the folder holds no sweep, or nothing of it is done.
    """
    found = summed_up(folder)
    titles, questions = (dict(found.facts.get(key) or {}) for key in ("title", "question"))
    title = in_use(titles) or _("{scenario}: a sweep", scenario=found.facts["scenario"])
    sections = [_design(found), _arms(found), *_axes(found), _outcomes(found), *_failures(found),
                origin(found.facts, file)]  # fmt: skip
    return Report(title, in_use(questions), [*_short(found), *_left(found)], sections, found.facts)


def _short(found: SweepSummary) -> list[str]:
    """What each of the first outcomes comes to."""
    return [line for outcome in list(found.names)[:MOST_IN_SHORT] for line in sentences(found, outcome)]


def _left(found: SweepSummary) -> list[str]:
    """What is not done, or failed."""
    if len(found.runs) >= found.planned and found.failed.empty:
        return []
    return [_("{done} of {planned} runs are done, {failed} of them failed.", done=number(len(found.runs)),
              planned=number(found.planned), failed=number(len(found.failed)))]  # fmt: skip


def _design(found: SweepSummary) -> Section:
    places = found.points.drop_duplicates(["territory", "vector"])
    said = ngettext(
        "Scenario {scenario}; {points} points, {arms} arms, {worlds} worlds each, {n} year. All arms of a "
        "point start from the same warmed-up worlds, patient for patient.",
        "Scenario {scenario}; {points} points, {arms} arms, {worlds} worlds each, {n} years. All arms of a "
        "point start from the same warmed-up worlds, patient for patient.",
        int(found.facts["years"]), scenario=found.facts["scenario"], points=number(len(places)),
        arms=number(len(found.arms)), worlds=number(len(found.facts["seeds"])))  # fmt: skip
    how = {
        "mean": _("A run counts with the mean of its years from year {year} on.", year=found.facts["from_year"]),
        "sum": _("A run counts with the sum of its years from year {year} on.", year=found.facts["from_year"]),
        "last": _("A run counts with its last year."),
    }[str(found.facts["summary"])]
    return Section("design", _("What was tried"), [Text([said, how])])


def _arms(found: SweepSummary) -> Section:
    own = found.points.drop_duplicates("arm").set_index("arm")
    heads = [_("arm"), _("what it is"), *found.factors]
    rows = [
        [arm, several(overrides) or _("the scenario as it is"), *(str(own.loc[arm, name]) for name in found.factors)]
        for arm, overrides in found.arms.items()
    ]  # fmt: skip
    return Section("arms", _("Arms"), [Table(_("Arms; the first is the one that others are compared with"), heads, rows,
                                             "arms")])  # fmt: skip


def _axes(found: SweepSummary) -> list[Section]:
    if not found.axes:
        return []
    rows = [
        [axis, shown(float(values.min())), shown(float(values.max())), number(int(values.nunique()))]
        for axis in found.axes for values in [found.points[axis]]
    ]  # fmt: skip
    table = Table(_("Parameters that vary from point to point"),
                  [_("parameter"), _("lowest"), _("highest"), _("different values")], rows, "axes")  # fmt: skip
    return [Section("axes", _("What varies"), [table])]


def _outcomes(found: SweepSummary) -> Section:
    names = list(found.names)
    parts = [_of_outcome(found, outcome, place) for place, outcome in enumerate(names[:MOST_OUTCOMES], start=1)]
    said = [_("Intervals hold 95 % and are Student's, over worlds, at each point for itself: among many points, some "
              "leave out what is true.")]  # fmt: skip
    if len(names) > MOST_OUTCOMES:
        rest = ", ".join(titled(name, found.names) for name in names[MOST_OUTCOMES:])
        said.append(_("The store holds more: {names}. Ask it with results.query.", names=rest))
    return Section("outcomes", _("What came out"), [Text(said)], parts)


def _of_outcome(found: SweepSummary, outcome: str, place: int) -> Detail:
    """An outcome: its figure, its points, and what goes with it."""
    rows = found.shown(outcome)
    known = rows[rows["mean"].notna()]
    if known.empty:
        return Detail(titled(outcome, found.names), [Text([_("No run tells of it.")])])
    with styled():
        blocks: list[Block] = [Picture(draw(found, outcome))]
    base = [found.baseline, _("difference")] if found.others else [_("mean")]
    cells = [
        [point_name(found, row), str(row["arm"]), *([shown(float(row["base"]))] if found.others else []),
         shown(float(row["mean"]), signed=bool(found.others)),
         span(float(row["low"]), float(row["high"]), signed=bool(found.others)), number(int(row["worlds"]))]
        for row in rows.head(MOST_POINTS).to_dict("records")
    ]  # fmt: skip
    heads = [_("point"), _("arm"), *base, _("95 % interval"), _("worlds")]
    blocks.append(Table(heading(found, outcome), heads, cells, f"points_{place}"))
    if len(rows) > MOST_POINTS:
        blocks.append(Text([_("{shown} of {count} rows are shown; the others are in the store.",
                              shown=number(MOST_POINTS), count=number(len(rows)))]))  # fmt: skip
    ranks = found.ranks(outcome).head(MOST_RANKS).to_dict("records")
    if ranks:
        table = [[str(row["axis"]), str(row["arm"]), number(float(row["rank"]), 2), number(int(row["points"]))]
                 for row in ranks]  # fmt: skip
        caption = _("Rank correlation over points, the strongest first")
        blocks.append(Table(caption, [_("parameter"), _("arm"), _("rank correlation"), _("points")], table,
                            f"ranks_{place}"))  # fmt: skip
    return Detail(titled(outcome, found.names), blocks)


def _failures(found: SweepSummary) -> list[Section]:
    """Runs that failed, by stage and message."""
    failed = found.failed
    if failed.empty:
        return []
    counted = failed.groupby(["stage", "message"]).size().sort_values(ascending=False, kind="stable")
    worst = counted.head(MOST_FAILURES).reset_index(name="runs").to_dict("records")
    rows = [[str(row["stage"]), str(row["message"]), number(int(row["runs"]))] for row in worst]
    said = _("Failed runs are left out of means; a point where some fail may not be like the others.")
    return [Section("failures", _("What failed"), [
        Text([said]), Table(_("Failures"), [_("stage"), _("message"), _("runs")], rows, "failures"),
    ])]  # fmt: skip

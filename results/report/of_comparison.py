"""The report of a comparison, from the folder that ``careteams compare --out`` wrote and example runs of its arms."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from results.comparison import Comparison
from results.comparison_shown import Named, p_text, share, shown, span, titled
from results.figures import draw as draw_of_run
from results.figures.comparison import draw
from results.figures.style import styled
from results.intervals import paired
from results.messages import _, in_use, ngettext, number
from results.report.blocks import Assumption, Block, Detail, Items, Picture, Report, Section, Table, Text
from results.report.common import assumed, incomes, origin, statements
from results.run import Run, RunError

FILE: Final = "comparison.json"
SMALL: Final = 0.05
"""P-value under which a difference is called one, corrected for all that were looked at."""
SPENDING: Final = "spending_mean"
UNMET: Final = (
    "forgone_per_person", "mean_wait_days", "delays_per_person", "ed_visits_per_1000",
    "avoidable_stays_per_1000_adults",
)  # fmt: skip
"""Outcomes that stand beside savings: money may be saved by care that is not given."""
MOST_IN_SHORT: Final = 4
PATIENTS: Final = ("age", "ald")
"""Groups of patients, beside those that equity is about."""


class Opened:
    """A comparison on disk.

    Attributes:
        facts: where it comes from.
        found: differences and levels.
        names: what outcomes are called.
        runs: every run.
    """

    def __init__(self, folder: Path) -> None:
        """Read the folder of a comparison.

        Raises:
            RunError: when there is none, or it cannot be read.
        """
        try:
            content = json.loads((folder / FILE).read_text(encoding="utf-8"))
            self.facts: dict[str, Any] = content["provenance"]
            tables = [pd.DataFrame(content[name]) for name in ("differences", "levels")]
            self.runs = pd.read_parquet(folder / "runs.parquet")
            differences, levels = (_numbers(table) for table in tables)
            self.found = Comparison(differences, levels, content["baseline"], content["way"], content["precision"])
        except FileNotFoundError as error:
            raise RunError(_("{path}: this is no comparison: {file} is missing.", path=folder,
                             file=Path(str(error.filename)).name)) from None  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RunError(_("{path}: the comparison cannot be read ({reason}).", path=folder, reason=error)) from None
        texts = ("label", "unit", "group", "member", "of")
        rows = differences.drop_duplicates("outcome")
        self.names = {str(row["outcome"]): Named(*(str(row[key]) for key in texts)) for row in rows.to_dict("records")}

    def rows(self, *groups: str) -> pd.DataFrame:
        """Differences of outcomes that tell these groups apart ("" for none), where somebody could read them."""
        table = self.found.differences
        return table[table["group"].isin(groups) & (table["replicates"] > 0)]

    def read(self) -> pd.DataFrame:
        """Runs that are whole, in the years that the comparison read."""
        years = self.facts.get("years_read", "all")
        runs = self.runs[self.runs["stage"] == ""] if "stage" in self.runs else self.runs
        return runs[runs["year"].isin(years) if isinstance(years, list) else runs["year"] > 0]


def _numbers(table: pd.DataFrame) -> pd.DataFrame:
    """The table with missing numbers as such."""
    kinds = {"outcome", "label", "unit", "group", "member", "of", "arm", "baseline", "interval"}
    return table.assign(**{name: pd.to_numeric(table[name]) for name in table.columns if name not in kinds})


def report(
    folder: Path, examples: Mapping[str, Run], assumptions: Sequence[Assumption] = (), file: str = "report.html"
) -> Report:
    """The report of a comparison.

    Args:
        folder: what ``careteams compare --out`` wrote.
        examples: one run of each arm, where there is one.
        assumptions: those among what the arms touch.
        file: name of the page, for who wants to make it again.

    Raises:
        RunError: when the folder holds no comparison.
    """
    opened = Opened(folder)
    titles, questions = (dict(opened.facts.get(key) or {}) for key in ("title", "question"))
    title = in_use(titles) or _("{scenario}: arms compared", scenario=opened.facts.get("scenario", "–"))
    sections = [
        _arms(opened), *_map(opened, examples), _differences(opened), _savings(opened), _winners(opened, examples),
        _equity(opened), *_statements(examples), assumed(weighed(opened, assumptions)), origin(opened.facts, file),
    ]  # fmt: skip
    return Report(title, in_use(questions), _lead(opened), sections, opened.facts)


def _lead(opened: Opened) -> list[str]:
    """The surest differences, then savings and unmet need of each arm in one sentence."""
    rows = opened.rows("")
    sure = rows[rows["p_holm"] < SMALL]
    size = (sure["difference"] / sure["standard_error"]).abs()
    best = sure.loc[size.sort_values(ascending=False).index].head(MOST_IN_SHORT)
    said = [
        _("{arm} against {baseline}: {outcome} {difference}, interval {interval}.", arm=row["arm"],
          baseline=row["baseline"], outcome=titled(row["outcome"], opened.names),
          difference=shown(row["difference"], signed=True), interval=span(row["low"], row["high"]))
        for row in best.to_dict("records")
    ]  # fmt: skip
    if not said:
        said = [_("No difference can be told from chance with {count} worlds.",
                  count=number(int(rows["replicates"].max()) if len(rows) else 0))]  # fmt: skip
    for arm, own in rows.groupby("arm", sort=False):
        table = {str(row["outcome"]): row for row in own.to_dict("records")}
        if SPENDING in table and UNMET[0] in table:
            money, unmet = table[SPENDING], table[UNMET[0]]
            said.append(_("{arm}: spending {money} EUR a person and year, {interval}; needs given up {unmet} a person "
                          "and year, {other}.", arm=arm, money=shown(money["difference"], signed=True),
                          interval=span(money["low"], money["high"]), unmet=shown(unmet["difference"], signed=True),
                          other=span(unmet["low"], unmet["high"])))  # fmt: skip
    return said


def _arms(opened: Opened) -> Section:
    facts = opened.facts
    rows = [[str(arm), str(said) or _("the scenario as it is")] for arm, said in dict(facts.get("arms", {})).items()]
    said = ngettext(
        "Scenario {scenario}; {worlds} worlds, {n} year each. All arms start from the same warmed-up worlds, patient "
        "for patient; the baseline is {baseline}.",
        "Scenario {scenario}; {worlds} worlds, {n} years each. All arms start from the same warmed-up worlds, patient "
        "for patient; the baseline is {baseline}.",
        int(facts.get("years", 0)), scenario=facts.get("scenario", "–"), worlds=number(len(facts.get("seeds", []))),
        baseline=opened.found.baseline)  # fmt: skip
    return Section(
        "arms", _("What is compared"), [Text([said]), Table(_("Arms"), [_("arm"), _("what it is")], rows, "arms")]
    )


def _map(opened: Opened, examples: Mapping[str, Run]) -> list[Section]:
    run = examples.get(opened.found.baseline) or next(iter(examples.values()), None)
    return [] if run is None else [Section("map", _("The place"), [Picture(draw_of_run(run, "territory"))])]


HEADS: Final = 7


def table_of(rows: pd.DataFrame, opened: Opened, caption: str, name: str) -> Table:
    """Differences as a table."""
    heads = [_("outcome"), _("arm"), opened.found.baseline, _("difference"), _("95 % interval"), _("relative"),
             _("p (Holm)")]  # fmt: skip
    cells = [
        [titled(row["outcome"], opened.names), row["arm"], shown(row["mean_baseline"]),
         shown(row["difference"], signed=True), span(row["low"], row["high"]), share(row["relative"], signed=True),
         p_text(row["p_holm"])]
        for row in rows.to_dict("records")
    ]  # fmt: skip
    return Table(caption, heads, cells, name)


def _differences(opened: Opened) -> Section:
    rows = opened.rows("")
    whole = opened.found
    part = Comparison(rows, whole.levels, whole.baseline, whole.way, whole.precision)
    blocks: list[Block] = []
    if len(rows):
        with styled():
            blocks = [Picture(draw(part, opened.names, opened.facts))]
    blocks += [
        table_of(rows, opened, _("Differences against {baseline}", baseline=whole.baseline), "differences"),
        Text([_("Intervals are of the mean paired difference; p-values are corrected for all differences that were "
                "looked at (Holm).")]),
    ]  # fmt: skip
    return Section("differences", _("What changes"), blocks)


def _savings(opened: Opened) -> Section:
    rows = opened.rows("")
    rows = rows[rows["outcome"].isin((SPENDING, *UNMET))]
    text = _("Money may be saved by care that is not given: what is spent stands beside needs given up, waits, "
             "emergencies and stays that care could have avoided.")  # fmt: skip
    if rows.empty:
        return Section("savings", _("Savings and unmet need"), [Text([_("Neither was among the outcomes.")])])
    table = table_of(rows, opened, _("Spending, and needs that are not met"), "savings")
    return Section("savings", _("Savings and unmet need"), [Text([text]), table])


def _winners(opened: Opened, examples: Mapping[str, Run]) -> Section:
    parts = []
    professions = opened.rows("profession")
    if len(professions):
        caption = _("Income and hours by profession")
        parts.append(Detail(_("Professions"), [table_of(professions, opened, caption, "professions")]))
    people = {arm: incomes(run) for arm, run in examples.items()}
    names = list(dict.fromkeys(name for found in people.values() for name in found))
    if names:
        rows = [[name, *(number(found[name]) if name in found else "–" for found in people.values())] for name in names]
        caption = _("What each person of the team got in the last year of one world, EUR")
        parts.append(Detail(_("Sharing inside the team"),
                            [Table(caption, [_("person"), *people], rows, "persons_by_arm")]))  # fmt: skip
    patients = opened.rows(*PATIENTS)
    if len(patients):
        caption = _("Patients by age and long-term illness")
        parts.append(Detail(_("Patients"), [_surest(patients), table_of(patients, opened, caption, "patients")]))
    absent = [] if parts else [Text([_("No group was told apart: compare with --by profession --by age --by ald.")])]
    return Section("winners", _("Who wins and who loses"), absent, parts)


def _surest(rows: pd.DataFrame) -> Items:
    """How many differences of a table are sure, so that nobody picks one by eye."""
    sure = int((rows["p_holm"] < SMALL).sum())
    return Items([_("{sure} of {count} differences in this table can be told from chance.", sure=number(sure),
                    count=number(len(rows)))])  # fmt: skip


def _equity(opened: Opened) -> Section:
    parts: list[Detail] = []
    areas, cover = opened.rows("area"), opened.rows("c2s")
    if len(areas):
        caption = _("Outcomes by living area")
        parts.append(Detail(_("Living areas"), [_surest(areas), table_of(areas, opened, caption, "areas")]))
    if len(cover):
        caption = _("Outcomes by means-tested cover")
        blocks: list[Block] = [_surest(cover), table_of(cover, opened, caption, "c2s")]
        if gap := _gap(opened, cover):
            blocks.append(gap)
        parts.append(Detail(_("Means-tested cover (C2S)"), blocks))
    absent = [] if parts else [Text([_("Nothing was told apart by place or means: compare with --by area --by c2s.")])]
    return Section("equity", _("Equity"), absent, parts)


def _gap(opened: Opened, cover: pd.DataFrame) -> Table | None:
    """How the gap between people with means-tested cover and others changes: a difference of paired differences."""
    runs = opened.read()
    keys = [key for key in ("vector", "seed") if key in runs]
    rows = []
    for of in dict.fromkeys(str(name) for name in cover["of"]):
        own = {row["member"]: row["outcome"] for row in cover[cover["of"] == of].to_dict("records")}
        if not {"c2s", "no_c2s"} <= own.keys():
            continue
        gap = runs.assign(gap=runs[own["c2s"]] - runs[own["no_c2s"]]).pivot_table("gap", keys, "arm", aggfunc="mean")
        base = gap[opened.found.baseline]
        for arm in (name for name in gap.columns if name != opened.found.baseline):
            found = paired((gap[arm] - base).dropna().to_numpy())
            label = titled(of, opened.names)
            rows.append([label, str(arm), shown(float(base.mean())), shown(found.mean, signed=True),
                         span(found.low, found.high)])  # fmt: skip
    heads = [_("outcome"), _("arm"), _("gap, {arm}", arm=opened.found.baseline), _("change of the gap"),
             _("95 % interval")]  # fmt: skip
    return Table(_("Gap between people with means-tested cover and others"), heads, rows, "c2s_gap") if rows else None


def _statements(examples: Mapping[str, Run]) -> list[Section]:
    parts = [statements(run, arm) for arm, run in examples.items()]
    return [Section("statements", _("Why each euro"), (), parts)] if parts else []


def weighed(opened: Opened, assumptions: Sequence[Assumption]) -> list[Assumption]:
    """Assumptions with how strongly each moves the key difference over an ensemble, where there is one."""
    vectors = list(opened.facts.get("vectors") or [{}])
    if len(vectors) < 3 or not vectors[0]:  # noqa: PLR2004 - a rank correlation needs some
        return list(assumptions)
    key = SPENDING if SPENDING in opened.runs else str(opened.rows("")["outcome"].iloc[0])
    table = opened.read().pivot_table(key, "vector", "arm", aggfunc="mean")
    other = next(arm for arm in table.columns if arm != opened.found.baseline)
    effect = table[other] - table[opened.found.baseline]
    drawn = pd.DataFrame(vectors).loc[effect.index]
    found = {name: float(drawn[name].corr(effect, method="spearman")) for name in drawn.columns}
    known = {one.id for one in assumptions}
    whole = [*assumptions, *(Assumption(name, name, "–", "–", "–") for name in found if name not in known)]
    weights = {name: value for name, value in found.items() if not math.isnan(value)}
    return [Assumption(o.id, o.title, o.value, o.span, o.source, o.prior_driven, weights.get(o.id)) for o in whole]

"""The report of one run: what happened in a place under its rules, with nothing to compare it with."""

from collections.abc import Hashable
from typing import Any, Final

from results.budget import budget, line_title
from results.figures import NEEDS, draw
from results.messages import _, in_use, label, number
from results.paid import rule_titles
from results.report.blocks import Assumption, Block, Detail, Picture, Report, Section, Table, Text
from results.report.common import assumed, origin, sharing, statements
from results.run import Run, RunError
from results.spoken import headed
from results.summary import summary

FIGURES: Final = ("overview", "access", "spending", "professions", "payments")


def report(run: Run, file: str = "report.html") -> Report:
    """The report of a run.

    Args:
        run: an open run.
        file: name of the page, for who wants to make it again.
    """
    scenario = run.manifest["scenario"]
    title, text = (in_use(scenario.get(key) or {}) for key in ("title", "description"))
    sections = [
        Section("map", _("The place"), [Picture(draw(run, "territory"))]), _figures(run), _numbers(run), _money(run),
        _equity(run), Section("statements", _("Why each euro"), (), [statements(run)]),
        assumed(terms(run)), origin(run.manifest, file),
    ]  # fmt: skip
    return Report(title or run.name, text, _lead(run), sections, run.manifest)


def _lead(run: Run) -> list[str]:
    """Last year of every line of the summary's first two headings, and where one run stands."""
    lines = [line for part in list(summary(run.path).values())[:2] for line in part]
    said = [_("{label}: {value}", label=line.label, value=line.written(line.by_year[-1])) for line in lines]
    one = _("One run is one world: what chance did in it is not told apart. Compare arms over many worlds to know what "
            "a rule does.")  # fmt: skip
    return [*said, one]


def _figures(run: Run) -> Section:
    names = [name for name in FIGURES if name not in NEEDS or run.has(NEEDS[name])]
    blocks: list[Block] = []
    for name in names:
        try:
            blocks.append(Picture(draw(run, name)))
        except RunError as error:
            blocks.append(Text([str(error)]))
    return Section("figures", _("What happened"), blocks)


def _numbers(run: Run) -> Section:
    found = summary(run.path)
    years = max(len(line.by_year) for lines in found.values() for line in lines)
    heads = [_("what"), *(_("year {n}", n=year) for year in range(1, years + 1))]
    parts = [
        Detail(heading, [Table(heading, heads, [[line.label, *map(line.written, line.by_year)] for line in lines],
                               f"numbers_{place}")])
        for place, (heading, lines) in enumerate(found.items(), start=1)
    ]  # fmt: skip
    return Section("numbers", _("In numbers: care, access and unmet need, hospital, spending"), (), parts)


def _money(run: Run) -> Section:
    blocks: list[Block] = []
    cost = budget(run)
    heads = [_("line"), _("insurance"), _("complementary"), _("households"), _("sum")]
    rows = [[line_title(str(name), cost.titles), *(number(v) for v in row), number(sum(row))]
            for name, row in zip(cost.lines.index, cost.lines.to_numpy(), strict=True)]  # fmt: skip
    blocks.append(Table(_("What year {year} cost and who pays it, EUR", year=cost.year), heads, rows, "budget"))
    if run.has("shares") and (table := sharing(run)):
        blocks.append(table)
    return Section("money", _("Who pays and who is paid"), blocks)


def _equity(run: Run) -> Section:
    """What each living area has: people, poverty, means-tested cover, accessibility of physicians."""
    from results.figures.territory import area_names

    bands = [name for name in run.cells.columns if name.startswith("people")]
    cells = run.cells.assign(all=run.cells[bands].sum(axis=1))
    rows = []
    for area, own in cells.groupby("area_type", observed=True):
        people = own["all"].sum()
        means = [float((own[name] * own["all"]).sum() / people) for name in ("poverty", "c2s", "apl")]
        rows.append([area_names().get(str(area), str(area)), number(people), *(number(100 * v, 1) for v in means[:2]),
                     number(means[2], 1)])  # fmt: skip
    heads = [_("living area"), _("people"), _("poverty, %"), _("means-tested cover (C2S), %"),
             _("accessibility of physicians (APL)")]  # fmt: skip
    said = _("At the start of the run. What groups of patients get is told apart by comparisons (--by area, --by c2s).")
    return Section("equity", _("Equity"), [Text([said]), Table(_("Living areas"), heads, rows, "areas")])


def terms(run: Run) -> list[Assumption]:
    """Terms of the payment rules of a run whose value is an assumption of ours."""
    if not run.has("payment_rules"):
        return []
    rules = run.payment_rules
    own = rules[rules["status"] == "assumption"].drop_duplicates(["system", "name"])
    titles = rule_titles(run)

    def titled(row: dict[Hashable, Any]) -> str:
        return headed(titles.get(str(row["system"]), str(row["system"])), label(str(row["label"])))

    return [
        Assumption(f"{row['system']}.{row['name']}", titled(row), str(row["text"]), "–", str(row["source"]))
        for row in own.to_dict("records")
    ]

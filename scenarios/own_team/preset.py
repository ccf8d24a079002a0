"""The preset of a user's own team: a scenario file as people write it, which says what was filled by default."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake
from results.messages import _, number
from scenarios.declared import TEAM_NAME, declared_keys, key_of
from scenarios.own_team.counts import counted
from scenarios.own_team.people import People, people
from scenarios.own_team.rows import ACTS, PATIENTS, STAFF, Row, of, read
from scenarios.reading import load_text
from scenarios.wording import printable, sentences, with_nearest, written
from sim.parameters import parameter_record
from sim.specification import TeamSpec, TerritorySpec

STAFF_KEYS: Final = (
    "physicians", "physician_fte", "half_days", "liberal_nurses", "asalee_fte", "advanced_practice_nurses",
    "pathway_fte", "secretaries", "coordinator_fte", "other_professionals", "sites", "mean_age", "near_retirement",
    "protocols", "meetings",
)  # fmt: skip
"""Keys of a team that the staff of a file may say."""
WOMEN: Final = "women_physicians"
ACT_KEYS: Final = ("consultations", "home_visits", "teleconsultations")
WEEKS: Final = 52.0
SHORTEST, LONGEST = 5.0, 60.0
"""Minutes between which the mean length of a visit must lie; else acts, physicians and list do not fit."""
MOST_ACTS: Final = 30.0
"""Acts a patient and year beyond which a count is taken for a slip."""
FEWEST_PATIENTS: Final = 200


@dataclass(frozen=True, slots=True)
class Preset:
    """A scenario file, not yet written.

    Attributes:
        text: its content.
        filled: what was filled by default, one sentence each.
    """

    text: str
    filled: list[str]


def preset(path: Path, name: str) -> Preset:
    """The preset of the team that a table of counts describes.

    Args:
        path: a CSV file (:mod:`scenarios.own_team.rows`).
        name: name of the preset, and of its team.

    Raises:
        Mistake: one line that says what is wrong with the file.
    """
    rows = read(path)
    living = people(counted(path, list(of(rows, PATIENTS))))
    if living.registered < FEWEST_PATIENTS:
        raise Mistake("{file}: {count} patients are too few for a simulation; give {least} or more.",
                      file=path, count=living.registered, least=FEWEST_PATIENTS)  # fmt: skip
    filled = list(living.filled)
    team = _team(path, list(of(rows, STAFF)), filled)
    team["registered_list"] = living.registered
    team |= _slots(path, list(of(rows, ACTS)), team, living, filled)
    filled += [
        _("Everybody lives among the team's own patients: there is no other practice in the territory."),
        _("Contract, poverty, living areas, hospital and all that is not named: the defaults of careteams."),
    ]
    text = _as_text(path, name, {"name": name, **_territory(living, team)}, team, filled)
    load_text(text, str(path))  # whatever cannot stand together is refused before anything is written
    return Preset(text, filled)


def _items(path: Path, rows: Sequence[Row], about: str, known: Sequence[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in rows:
        if row.item not in known:
            problem = Mistake('{file}: line {line}: {about} "{item}" is not known.', file=path, line=row.line,
                              about=about, item=printable(row.item))  # fmt: skip
            said = Mistake("Known: {known}.", known=", ".join(known))
            raise sentences(with_nearest(problem, row.item, known), said)
        if row.item in found:
            raise Mistake("{file}: line {line}: {item} is given twice.", file=path, line=row.line, item=row.item)
        found[row.item] = row.count
    return found


def _team(path: Path, rows: Sequence[Row], filled: list[str]) -> dict[str, Any]:
    """Keys of the team that the staff says."""
    said = _items(path, rows, STAFF, (*STAFF_KEYS, WOMEN))
    lines = {row.item: row.line for row in rows}
    if not said.get("physicians"):
        raise Mistake('{file}: no physicians: add a line about staff with item "physicians".', file=path)
    women = said.pop(WOMEN, None)
    team: dict[str, Any] = {"kind": _kind(said)}
    filled.append(_("Kind of team: {kind}, by who works there.", kind=team["kind"]))
    known = declared_keys(TeamSpec)
    for name, value in said.items():
        declared, hint = known[name]
        facts = key_of(declared)
        if hint is int and value != int(value):
            raise Mistake("{file}: line {line}: {item} = {value} is not a whole number.",
                          file=path, line=lines[name], item=name, value=f"{value:g}")  # fmt: skip
        if facts.low is not None and facts.high is not None and not facts.low <= value <= facts.high:
            raise Mistake("{file}: line {line}: {item} = {value} is outside its range, {low} to {high} {unit}.",
                          file=path, line=lines[name], item=name, value=f"{value:g}", low=f"{max(facts.low, 0):g}",
                          high=f"{facts.high:g}", unit=facts.unit)  # fmt: skip
        team[name] = int(value) if hint is int else float(value)
    if women is not None:
        if women > team["physicians"]:
            raise Mistake("{file}: line {line}: {item} = {value} is more than the physicians of the team: "
                          "{physicians}.", file=path, line=lines[WOMEN], item=WOMEN, value=f"{women:g}",
                          physicians=team["physicians"])  # fmt: skip
        team["share_women"] = round(women / team["physicians"], 4)
    if "half_days" not in team and "physician_fte" not in team:
        filled.append(_("Half-days of the physicians: the default, {count} a week.",
                        count=number(TeamSpec().half_days, 1)))  # fmt: skip
    return team


def _kind(staff: Mapping[str, float]) -> str:
    """Kind of team by who works there."""
    if staff["physicians"] == 1:
        return "solo"
    others = ("liberal_nurses", "asalee_fte", "advanced_practice_nurses", "pathway_fte", "other_professionals")
    coordinated = any(staff.get(name) for name in ("coordinator_fte", "protocols", "meetings"))
    return "msp" if coordinated and any(staff.get(name) for name in others) else "group"


def _slots(
    path: Path, rows: Sequence[Row], team: Mapping[str, Any], living: People, filled: list[str]
) -> dict[str, float]:
    """Lengths of visits: the time of the physicians over the acts of a year."""
    acts = _items(path, rows, ACTS, ACT_KEYS)
    total = sum(acts.values())
    if not total:
        filled.append(_("Acts of a year: none given, so that visits last as by default."))
        return {}
    each = total / living.registered
    if each > MOST_ACTS:
        raise Mistake("{file}: {acts} acts for {patients} patients are {each} a patient: is one of them a slip?",
                      file=path, acts=f"{total:g}", patients=living.registered, each=f"{each:.0f}")  # fmt: skip
    par = parameter_record()[0]
    fte = team.get("physician_fte")
    half_days = (
        fte * float(par["workforce_half_days_full_time"]) if fte
        else team["physicians"] * team.get("half_days", TeamSpec().half_days)
    )  # fmt: skip
    minutes = half_days * float(par["service_minutes_per_half_day"]) * (WEEKS - float(par["workforce_leave_weeks"]))
    mean = minutes * float(par["workforce_demand_share"]) * (1.0 - float(par["service_unbilled_share"])) / total
    if not SHORTEST <= mean <= LONGEST:
        raise Mistake("{file}: {acts} acts in {half_days} half-days a week would last {minutes} minutes each; expected "
                      "{low} to {high}. Do acts and physicians belong together?", file=path, acts=f"{total:g}",
                      half_days=f"{half_days:g}", minutes=f"{mean:.1f}", low=SHORTEST, high=LONGEST)  # fmt: skip
    usual = TeamSpec()
    factor = mean / ((usual.slot_acute + usual.slot_chronic) / 2)
    low, high = (float(bound) for bound in par["workforce_slot_bounds"])
    slots = {name: round(min(max(getattr(usual, name) * factor, low), high), 1)
             for name in ("slot_acute", "slot_chronic")}  # fmt: skip
    filled.append(_("Visits: {acute} and {chronic} minutes (acute, chronic), so that {acts} acts a year fill the "
                    "physicians' half-days; how many are made follows from the people's needs.",
                    acute=number(slots["slot_acute"], 1), chronic=number(slots["slot_chronic"], 1),
                    acts=number(total)))  # fmt: skip
    return slots


def _territory(living: People, team: Mapping[str, Any]) -> dict[str, Any]:
    """Keys of the territory."""
    usual = TerritorySpec()
    side = max(3, math.ceil(math.sqrt(usual.columns * usual.rows * living.total / usual.people)))
    nurses = team.get("liberal_nurses", 0) * 10_000 / living.total
    table: dict[str, Any] = {
        "people": living.total, "columns": side, "rows": side, "town": 0 if living.communes else living.total // 3,
        "gps_per_10000": round(team["physicians"] * 10_000 / living.total, 4),
        "nurses_per_10000": round(max(usual.nurses_per_10000, nurses), 4),
        "age_shares": _rounded(living.ages, whole=True),
    }  # fmt: skip
    for key, shares in (("women_by_age", living.women), ("ald_by_age", living.ald), ("c2s_by_age", living.c2s)):
        if shares is not None:
            table[key] = _rounded(shares)
    if living.c2s is not None:
        table["c2s"] = round(float(living.c2s @ living.ages), 4)
    if living.communes:
        parts = _rounded(living.communes.values(), whole=True)
        table["commune_shares"] = dict(zip(living.communes, parts, strict=True))
    return table


def _rounded(shares: Any, *, whole: bool = False) -> list[float]:
    """Shares with five decimals; with ``whole``, the largest takes what rounding leaves so that they sum to 1."""
    found = [round(float(share), 5) for share in shares]
    if whole:
        largest = found.index(max(found))
        found[largest] = round(found[largest] + 1 - sum(found), 5)
    return found


def _as_text(
    path: Path, name: str, territory: Mapping[str, Any], team: Mapping[str, Any], filled: Sequence[str]
) -> str:
    """The scenario file."""
    title = {"en": f"Own team: {name}", "fr": f"Mon équipe : {name}"}
    lines = [f"# {_('Made from the counts of {file}. Filled by default:', file=path.name)}",
             *(f"# - {sentence}" for sentence in filled), "",
             "[title]", *(f"{key} = {written(value)}" for key, value in title.items()), "", "[territory]"]  # fmt: skip
    communes = territory.get("commune_shares", {})
    lines += [f"{key} = {written(value)}" for key, value in territory.items() if key != "commune_shares"]
    if communes:
        lines += ["", "[territory.commune_shares]", *(f"{written(key)} = {value}" for key, value in communes.items())]
    heading = name if name.isascii() else written(name)
    lines += ["", f"[team.{heading}]", *(f"{key} = {written(value)}" for key, value in team.items())]
    return "\n".join(lines) + "\n"


def checked_name(file: Path) -> str:
    """Name of a preset and its team, from that of its file.

    Raises:
        Mistake: when the file's name cannot name a team.
    """
    if file.suffix != ".toml" or not TEAM_NAME.fullmatch(file.stem):
        raise Mistake("--out {file}: expected a name of letters, digits, - and _, 40 at most, that ends in .toml.",
                      file=printable(str(file)))  # fmt: skip
    return file.stem

"""How teams share their money, and the quarrels over it (behaviour F3, F4)."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.deciding import sharing_choice
from agents.deciding.decision import Numbers
from agents.teams import HEALTH_CENTRE, OWN_RULE, SHARING_RULES, sharing_code
from sim.deciding.motions import Offer, TeamYear, power_of
from sim.draws import decision, uniforms
from sim.payment.rules import policy_class
from sim.payment.sharing.rule import LUMP_SUM
from sim.signing import Signed, without_rules

FIRST_RULE: Final = decision("hourly_rule", "how a team first pays collective hours")
OBJECTION: Final = decision("hourly_objection", "whether other professions get the same rate for all")


class Agreed(NamedTuple):
    """What a team would agree on.

    Attributes:
        rule: its sharing rule.
        offer: incomes under it.
        quarrel: what it leaves with each member, ``(members,)``.
        withdrawn: whether the leader gives the project up.
        totals: total quarrel by rule.
    """

    rule: str
    offer: Offer
    quarrel: Numbers
    withdrawn: bool
    totals: Mapping[str, float]


def rule_of(year: TeamYear, team: int) -> str:
    """Name of the sharing rule of a team."""
    code = int(year.world.teams["sharing_rule"][team])
    if code == OWN_RULE:
        return year.treasury.specification.teams[year.world.names[team]].sharing_rule
    return SHARING_RULES[code]


def holds_pool(names: Iterable[str], pool: str) -> bool:
    """Whether some rule of a contract pays into a kind of pool."""
    return any(policy_class(name).pool == pool for name in names)


def pays_lump_sum(year: TeamYear, team: int, signed: Signed, rules: Iterable[str]) -> bool:
    """Whether lump sums among some rules of a contract bring the team anything: one of nothing is none.

    Args:
        year: the year of the teams.
        team: row.
        signed: the contract.
        rules: rules of it.
    """
    lump_sums = [name for name in rules if policy_class(name).pool == LUMP_SUM]
    if not lump_sums:
        return False
    known = rule_of(year, team)
    without = year.quoted(team, without_rules(signed, lump_sums), known)
    return not year.quoted(team, signed, known).as_good_as(without)


def agreed_rule(year: TeamYear, team: int, signed: Signed, wanted: str, without: Signed | None = None) -> Agreed:
    """The sharing rule on which a team would agree under a contract.

    Args:
        year: the year of the teams.
        team: row.
        signed: the contract.
        wanted: rule that the offer asks for, "" for the team's own choice.
        without: the contract that claims look back to; that of today by default.

    Raises:
        Mistake: a contract that contradicts itself.
    """
    now = rule_of(year, team)
    if wanted or not pays_lump_sum(year, team, signed, signed.names):
        rule = wanted or now
        offer = year.quoted(team, signed, rule)
        members = len(offer.now_mean)
        return Agreed(rule, offer, np.zeros(members), False, {})
    offers = {rule: year.quoted(team, signed, rule) for rule in _candidates(year, team, now)}
    base = None if without is None else year.quoted(team, without, now)
    given = {rule: _given(offer, base) for rule, offer in offers.items()}
    pot = _pot(year, next(iter(offers.values())), base)
    choice = sharing_choice.choose_rule(pot, given, _pooled(year, team), power_of(year.world, team), year.q)
    return Agreed(choice.rule, offers[choice.rule], choice.quarrel, choice.withdrawn, choice.totals)


def _candidates(year: TeamYear, team: int, now: str) -> list[str]:
    row = year.world.teams[team]
    salaried = bool(row["kind"] == HEALTH_CENTRE)
    if now == sharing_choice.POOLING and not salaried:
        return [now]  # fees, and what stands in their place, stay in one pot
    nurses = np.arange(row["first_nurse"], row["last_nurse"])
    in_place = _in_place(year, nurses).any()
    found = sharing_choice.allowed(salaried, _pooled(year, team), bool(in_place))
    # The rule of today comes first: of rules that leave the same quarrel, a team keeps its own.
    return [now, *(rule for rule in found if rule != now)] if now in found else list(found)


def _pooled(year: TeamYear, team: int) -> bool:
    return bool(year.world.teams["pooled_years"][team] > 0) or rule_of(year, team) == sharing_choice.POOLING


def _in_place(year: TeamYear, nurses: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Nurses who do acts in the place of physicians, and are on no wage."""
    done = year.accounts.array("delegated_acts", year.year, "nurse")
    return np.logical_and(_of_rows(done, nurses) > 0, year.world.nurses["salaried"][nurses] == 0)


def _of_rows(values: NDArray[np.float64], rows: NDArray[np.int64]) -> Numbers:
    found = np.zeros(len(rows))
    there = rows < len(values)
    found[there] = values[rows[there]]
    return found


def _given(offer: Offer, base: Offer | None) -> Numbers:
    """What each gets of the pot: settled money beyond that of the contract that claims look back to."""
    before = _settled_before(offer, base)
    return (offer.offered_mean - offer.offered_direct) - before


def _settled_before(offer: Offer, base: Offer | None) -> Numbers:
    return offer.now_mean - offer.now_direct if base is None else base.offered_mean - base.offered_direct


def _pot(year: TeamYear, offer: Offer, base: Offer | None) -> sharing_choice.Pot:
    """What members can claim: the direct income that the pot has taken the place of, days, lists, acts."""
    accounts, closed = year.accounts, year.year
    income, direct = (offer.now_mean, offer.now_direct) if base is None else (base.offered_mean, base.offered_direct)
    nurse = np.arange(len(income)) >= len(offer.physicians)
    delegated = _of_rows(accounts.array("delegated_acts", closed, "nurse"), offer.nurses)
    none = np.zeros(len(offer.nurses))

    def of(name: str) -> Numbers:
        return _of_rows(accounts.array(name, closed, "physician"), offer.physicians)

    return sharing_choice.Pot(
        income=income,
        reference=np.maximum(0.0, direct - offer.offered_direct),
        days=np.concatenate([of("days"), none]),
        listed=np.concatenate([of("registered_list"), none]),
        acts=np.concatenate([of("acts"), delegated]),
        nurse=nurse,
        in_place=np.concatenate([np.zeros(len(offer.physicians), dtype=bool), _in_place(year, offer.nurses)]),
    )


def adopt(year: TeamYear, team: int, rule: str, totals: Mapping[str, float]) -> None:
    """Put a team under a sharing rule."""
    before = rule_of(year, team)
    if rule == before:
        return
    year.world.teams["sharing_rule"][team] = sharing_code(rule)
    year.diary.add("sharing", team=team, text=rule, terms={f"quarrel_{name}": total for name, total in totals.items()})


def first_hourly_rule(year: TeamYear, team: int, signed: Signed) -> None:
    """Choose how collective hours are paid, by a team that gets collective money for the first time.

    Teams that pool their fees go on doing so: their hours are paid as is usual.
    """
    row, q = year.world.teams[team], year.q
    known = rule_of(year, team)
    pools = known == sharing_choice.POOLING or pays_lump_sum(year, team, signed, signed.names)
    if pools or known in sharing_choice.BY_THE_HOUR:
        return
    others = int(row["nurses"]) + int(row["other_professionals"])
    share = np.array([others / max(1, others + int(row["physicians"]))])
    u, objection = (uniforms(year.world.seed, which, [row["who"]]) for which in (FIRST_RULE, OBJECTION))
    rule = sharing_choice.first_hourly_rule(u, objection, share, q)
    year.world.teams["sharing_rule"][team] = sharing_code(str(rule[0]))
    year.diary.add("sharing", team=team, text=str(rule[0]), terms={"others_share": share})


def renegotiate(year: TeamYear, team: int, without: Signed) -> Numbers:
    """A year's quarrel in a team that shares a lump sum; it goes over to another rule where that takes enough away.

    Args:
        year: the year of the teams.
        team: row.
        without: its contract without the lump sum, to which claims look back.

    Returns:
        What the rule leaves with each member, ``(members,)``.
    """
    today, now = year.treasury.signatures.today[team], rule_of(year, team)
    found = agreed_rule(year, team, today, "", without)
    if now in found.totals and sharing_choice.changes_rule(found.totals[now], found.totals[found.rule], year.q):
        adopt(year, team, found.rule, found.totals)
        return found.quarrel
    if now not in found.totals or now == found.rule:
        return found.quarrel
    offer, base = year.quoted(team, today, now), year.quoted(team, without, now)
    return sharing_choice.quarrel(_pot(year, offer, base), now, _given(offer, base), _pooled(year, team), year.q)


def settle_conflicts(year: TeamYear, mean_quarrel: Numbers) -> None:
    """What a year of quarrels leaves: conflict in the teams, which ends a project where it is too much.

    Args:
        year: the year of the teams.
        mean_quarrel: mean quarrel of each team, ``(teams,)``.
    """
    teams, q = year.world.teams, year.q
    before = teams["conflict"].astype(np.float64)
    after = sharing_choice.conflict_next(before, mean_quarrel, q)
    teams["quarrel"], teams["conflict"] = mean_quarrel, after
    rows = np.flatnonzero(mean_quarrel > q["team_life_quarrel_most"])
    year.diary.add("conflict", team=rows, before=before[rows], after=after[rows],
                   terms={"quarrel": mean_quarrel[rows]})  # fmt: skip
    ended = np.flatnonzero((after > q["team_life_conflict_ends"]) & (teams["projects"] >= 1))
    projects = teams["projects"][ended].astype(np.float64)
    teams["projects"][ended] = projects - 1
    year.diary.add("project", team=ended, before=projects, after=projects - 1, text="conflict",
                   terms={"conflict": after[ended]})  # fmt: skip

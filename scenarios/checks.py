"""What a whole scenario must satisfy beyond each key on its own: teams, delegation, lists, the territory."""

from collections.abc import Iterator
from pathlib import Path

from agents.mistakes import Mistake
from agents.patients import AGE_BANDS
from agents.tasks import CLOSED, INFORMAL, PROTOCOL
from agents.teams import KINDS
from scenarios.declared import Raw, declared_keys, key_of
from scenarios.wording import closest, located, sentences, shown, with_nearest, written
from sim.legal_scope import COORDINATED, legal_scope, nurses_allowed
from sim.mechanisms import check_mechanisms
from sim.payment.contract import contract_of, usual
from sim.payment.norms_file import known_norms
from sim.payment.reform import check_terms, fees_of, reform_of
from sim.specification import (
    EARLIEST_START,
    LATEST_START,
    UNSET,
    Delegation,
    OfferSpec,
    ScenarioSpec,
    TeamSpec,
    TerritorySpec,
)

SHARES_TOLERANCE = 0.001
LONGEST_NAME = 80
GROUP_PHYSICIANS = 2
LEAST_PEOPLE_A_COMMUNE = 50

BY_AGE = ("age_shares", "women_by_age", "ald_by_age", "c2s_by_age")
"""Keys of a territory that hold one share an age band."""
NURSE_KEYS = {
    "liberal": ("liberal_nurses", "salaried_nurses"),
    "asalee": ("asalee_fte",),
    "advanced_practice": ("advanced_practice_nurses",),
    "pathway": ("pathway_fte",),
}
"""The keys that put a kind of nurse in a team; salaried nurses of a centre have the scope of self-employed ones."""


def check_whole(spec: ScenarioSpec, file: str) -> None:
    """Refuse a scenario whose parts contradict each other.

    Raises:
        Mistake: the first contradiction, with its file and table.
    """
    for place, problem in _problems(spec):
        raise located(file, place, problem)


def _problems(spec: ScenarioSpec) -> Iterator[tuple[tuple[str, ...], Mistake]]:
    yield from (((), p) for p in _scenario(spec))
    yield from ((("territory",), p) for p in _territory(spec.territory))
    yield from ((("mechanisms",), p) for p in _mechanisms(spec))
    for name, team in spec.teams.items():
        yield from ((("team", name), p) for p in _team(team))
        for task, handed in team.delegation.items():
            yield from ((("team", name, "delegation", task), p) for p in _delegation(spec, team, task, handed))
    for name, offer in spec.offers.items():
        yield from ((("offer", name), p) for p in _offer(spec, offer))
    yield from (((), p) for p in _lists(spec))
    yield from _contracts(spec)


def _scenario(spec: ScenarioSpec) -> Iterator[Mistake]:
    yield from _named_twice("default_contract", spec.default_contract)
    if not EARLIEST_START <= spec.start <= LATEST_START:
        yield Mistake(
            "start = {value} is outside the dates that fees cover, {low} to {high}.",
            value=spec.start, low=EARLIEST_START, high=LATEST_START,
        )  # fmt: skip
    if not 0 < len(spec.name.strip()) <= LONGEST_NAME or set(spec.name) & set("/\\:") or spec.name.startswith("."):
        yield Mistake("name = {value} cannot name a folder.", value=shown(spec.name))
    if not spec.teams and not spec.fill_with_default_teams:
        yield Mistake("nobody works here: add a [team.NAME], or leave fill_with_default_teams at true.")
    if spec.norms:
        try:
            known_norms(spec.norms)
        except Mistake as problem:
            yield problem


def _mechanisms(spec: ScenarioSpec) -> Iterator[Mistake]:
    try:
        check_mechanisms(spec.mechanisms)
    except Mistake as problem:
        yield problem


def _territory(territory: TerritorySpec) -> Iterator[Mistake]:
    if territory.area_types and abs(sum(territory.area_types.values()) - 1) > SHARES_TOLERANCE:
        total = f"{sum(territory.area_types.values()):g}"
        yield Mistake("area_types = {value} adds up to {total}, not to 1.",
                      value=shown(territory.area_types), total=total)  # fmt: skip
    if territory.builder == "synthetic" and territory.town > territory.people:
        yield Mistake("town = {town} is larger than the territory: people = {people}.",
                      town=territory.town, people=territory.people)  # fmt: skip
    for key in BY_AGE:
        values = getattr(territory, key)
        if values and len(values) != len(AGE_BANDS):
            yield Mistake("{key} gives {count} shares for {bands} age bands: {names}.", key=key, count=len(values),
                          bands=len(AGE_BANDS), names=", ".join(AGE_BANDS))  # fmt: skip
    yield from _shares_of_people(territory)
    if territory.commune_count * LEAST_PEOPLE_A_COMMUNE > territory.people and territory.builder == "synthetic":
        yield Mistake("commune_count = {count} leaves fewer than {least} people a commune: people = {people}.",
                      count=territory.commune_count, least=LEAST_PEOPLE_A_COMMUNE, people=territory.people)  # fmt: skip
    if territory.builder == "epci" and not territory.name:
        yield Mistake('the builder "epci" needs a name: the EPCI, by name or nine-digit code.')
    if territory.builder == "insee" and not territory.filosofi:
        yield Mistake('the builder "insee" needs filosofi: the path of a Filosofi grid file.')
    for name in ("filosofi", "bpe"):
        path = getattr(territory, name)
        if territory.builder == "insee" and path and not Path(path).is_file():
            yield Mistake("{key} = {value}: there is no such file.", key=name, value=written(path))


def _shares_of_people(territory: TerritorySpec) -> Iterator[Mistake]:
    if territory.age_shares and territory.builder == "insee":
        yield Mistake("age_shares: the ages of this territory are those of its Filosofi file.")
    parts = {"age_shares": territory.age_shares, "commune_shares": list(territory.commune_shares.values())}
    for key, values in parts.items():
        if values and abs(sum(values) - 1) > SHARES_TOLERANCE:
            total = f"{sum(values):g}"
            yield Mistake("{key} adds up to {total}, not to 1.", key=key, total=total)
    for key, other, unset in (("age_shares", "share_65_plus", UNSET), ("commune_shares", "commune_count", 0)):
        if getattr(territory, key) and getattr(territory, other) != unset:
            yield Mistake("{key} says already what {other} says; give one of them.", key=key, other=other)
    for name, share in territory.commune_shares.items():
        if share * territory.people < LEAST_PEOPLE_A_COMMUNE:
            yield Mistake('commune_shares: fewer than {least} people would live in "{commune}".',
                          least=LEAST_PEOPLE_A_COMMUNE, commune=name)  # fmt: skip


def _team(team: TeamSpec) -> Iterator[Mistake]:
    yield from _kind(team)
    physicians = {"physicians": team.physicians}
    if team.near_retirement > team.physicians:
        yield Mistake("near_retirement = {value} is more than the physicians of the team: {physicians}.",
                      value=team.near_retirement, **physicians)  # fmt: skip
    if team.departures_due > team.physicians:
        yield Mistake("departures_due = {value} is more than the physicians of the team: {physicians}.",
                      value=team.departures_due, **physicians)  # fmt: skip
    if team.physician_fte > team.physicians:
        yield Mistake("physician_fte = {value} is more than the physicians of the team: {physicians}.",
                      value=team.physician_fte, **physicians)  # fmt: skip
    if team.registered_list and not team.physicians:
        yield Mistake("registered_list = {value}, but no physician to hold it.", value=team.registered_list)
    elif team.registered_list and team.kind == "cpts":
        yield Mistake('registered_list = {value} is not for kind = "cpts": its members keep their lists in teams of '
                      "their own.", value=team.registered_list)  # fmt: skip
    if team.intermediaries > members(team):
        yield Mistake("intermediaries = {value} is more than the members of the team: {members}.",
                      value=team.intermediaries, members=members(team))  # fmt: skip
    if len(team.slot_chronic_each) > team.physicians:
        yield Mistake("slot_chronic_each gives {count} lengths, more than the physicians of the team: {physicians}.",
                      count=len(team.slot_chronic_each), **physicians)  # fmt: skip
    yield from _contract(team)


def members(team: TeamSpec) -> int:
    """People who work in a team, a started part of a post being one of them."""
    posts = (team.asalee_fte, team.pathway_fte, team.coordinator_fte)
    counts = (team.physicians, team.liberal_nurses, team.advanced_practice_nurses, team.salaried_nurses)
    return sum(counts) + team.other_professionals + sum(-int(-fte // 1) for fte in posts)


def _kind(team: TeamSpec) -> Iterator[Mistake]:
    nurses = members(team) - team.physicians
    match team.kind:
        case "solo" if team.physicians != 1:
            yield Mistake('kind = "solo" is one physician, not {physicians}; a "group" has several.',
                          physicians=team.physicians)  # fmt: skip
        case "group" if team.physicians < GROUP_PHYSICIANS:
            yield Mistake('kind = "group" needs at least 2 physicians, not {physicians}.', physicians=team.physicians)
        case "msp" if team.physicians < GROUP_PHYSICIANS or nurses < 1:
            yield Mistake('kind = "msp" needs at least 2 physicians and 1 nurse or other professional; '
                          "this team has {physicians} and {others}.",
                          physicians=team.physicians, others=nurses)  # fmt: skip
    if team.salaried_nurses and team.kind != "health_centre":
        yield Mistake('salaried_nurses = {value} is for kind = "health_centre", not "{kind}".',
                      value=team.salaried_nurses, kind=team.kind)  # fmt: skip


def _offer(spec: ScenarioSpec, offer: OfferSpec) -> Iterator[Mistake]:
    if not offer.policies:
        yield Mistake("the offer names no payment rule: policies = [].")
    yield from _named_twice("policies", offer.policies)
    if offer.until < offer.since:
        yield Mistake("until = {until} comes before from = {since}.", until=offer.until, since=offer.since)
    for policy in offer.terms:
        if policy not in offer.policies:
            yield Mistake('terms of "{policy}" are given, but the offer does not name it.', policy=policy)
    for team in offer.only_teams:
        if team not in spec.teams:
            problem = Mistake('the scenario has no team "{team}".', team=team)
            yield with_nearest(problem, team, list(spec.teams))
    try:
        contract_of(offer.policies, offer.terms, spec.start, reform_of(spec))
    except Mistake as problem:
        yield problem


def _named_twice(key: str, contract: list[str]) -> Iterator[Mistake]:
    for policy in dict.fromkeys(contract):
        if contract.count(policy) > 1:
            yield Mistake('{key} names "{policy}" twice.', key=key, policy=policy)


def _contract(team: TeamSpec) -> Iterator[Mistake]:
    yield from _named_twice("contract", team.contract)
    for policy in team.terms:
        if policy not in team.contract:
            problem = Mistake('terms of "{policy}" are given, but it is not in the contract.', policy=policy)
            near = closest(policy, team.contract)
            yield sentences(problem, Mistake('Did you mean "{nearest}"?', nearest=near)) if near else problem


def _delegation(spec: ScenarioSpec, team: TeamSpec, task: str, handed: Delegation) -> Iterator[Mistake]:
    if handed.share == 0:
        return
    scope = legal_scope(task, handed.nurse, spec.parameters)
    if scope == CLOSED:
        yield _closed(task, handed.nurse, nurses_allowed(task, spec.parameters))
    if not any(getattr(team, key) for key in NURSE_KEYS[handed.nurse]):
        yield Mistake('nurse = "{nurse}", but the team has none; set {keys}.',
                      nurse=handed.nurse, keys=" or ".join(NURSE_KEYS[handed.nurse]))  # fmt: skip
    if scope == PROTOCOL and not handed.informal and (team.kind not in COORDINATED or not team.protocols):
        yield Mistake('{task} needs a protocol in a coordinated structure: kind {kinds} and protocols of 1 or more '
                      "(or informal = true).",
                      task=task, kinds=" or ".join(f'"{k}"' for k in COORDINATED))  # fmt: skip
    if scope == INFORMAL and not handed.informal:
        yield Mistake("{task} is only done informally; say so with informal = true.", task=task)
    if task in team.closed_tasks:
        yield Mistake("{task} is handed over here and named in closed_tasks.", task=task)


def _closed(task: str, nurse: str, allowed: list[str]) -> Mistake:
    problem = Mistake('the law closes {task} to nurse = "{nurse}".', task=task, nurse=nurse)
    if not allowed:
        return sentences(problem, Mistake("No nurse may take it."))
    return sentences(problem, Mistake("It is open to: {nurses}.", nurses=", ".join(allowed)))


def _lists(spec: ScenarioSpec) -> Iterator[Mistake]:
    total = sum(team.registered_list for team in spec.teams.values())
    if spec.territory.builder == "synthetic" and total > spec.territory.people:
        yield Mistake(
            "the teams' registered_list add up to {total}, more than the people of the territory: {people}.",
            total=total, people=spec.territory.people,
        )  # fmt: skip


def _contracts(spec: ScenarioSpec) -> Iterator[tuple[tuple[str, ...], Mistake]]:
    """Contracts whose terms or reforms a payment rule does not take, or that pay twice."""
    try:
        changes = reform_of(spec)
        fees_of(spec)
        for kind in KINDS:
            contract_of(usual(spec, kind), {}, spec.start, changes)
        check_terms(spec.reform)
    except Mistake as problem:
        yield (), problem
        return
    for name, team in spec.teams.items():
        try:
            contract_of(team.contract, team.terms, spec.start, changes)
        except Mistake as problem:
            yield ("team", name), problem


def check_builder(layer: Raw, spec: ScenarioSpec, file: str) -> None:
    """Refuse a key of ``[territory]`` that the chosen builder would not read.

    Raises:
        Mistake: naming the key and the builder it is for.
    """
    builder = spec.territory.builder
    keys = declared_keys(TerritorySpec)
    for name in layer.get("territory", {}):
        only = key_of(keys[name][0]).only
        if only and only != builder:
            raise located(file, ("territory",), Mistake(
                'the key "{key}" is for the builder "{only}", and this territory has builder = "{builder}".',
                key=name, only=only, builder=builder,
            ))  # fmt: skip

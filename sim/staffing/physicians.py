"""Physicians at the start: one row each, every column from its declared distribution (behaviour A2)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table, new_table
from agents.physicians import COLUMNS
from agents.tasks import N_TASKS
from agents.teams import HEALTH_CENTRE, MSP
from sim.draws import content_id, decision, normals, uniforms
from sim.staffing.distributions import Numbers, betas, logistic
from sim.staffing.lists import list_targets
from sim.staffing.practices import Practice
from sim.territory.grid import Ground

AGE = decision("physician.age", "age of a physician")
WOMAN = decision("physician.woman", "sex of a physician")
DEPARTURE = decision("physician.departure", "week of a departure that is due")
HALF_DAYS = decision("physician.half_days", "half-days of a physician")
ALPHA = decision("physician.alpha", "altruism of a physician")
OPEN = decision("physician.open_deleg", "openness of a physician to delegation")
CORE = decision("physician.core", "how central a task is to a physician (step: the task)")
LIABILITY = decision("physician.liability", "fear of liability of a physician")
IDENTITY = decision("physician.identity", "attachment of a physician to self-employed status")
NETWORK = decision("physician.network", "network of a physician")
KNOWHOW = decision("physician.knowhow", "know-how of a physician")
WILL = decision("physician.will", "will of a physician")
LEADS = decision("physician.leads", "whether a physician leads the patient's trajectory")

WEEKS_PER_YEAR = 52
PROJECT_KINDS = (MSP, HEALTH_CENTRE)


def physicians(practices: Sequence[Practice], ground: Ground, seed: int, par: Table) -> Table:
    """The physicians of all practices, those of a team side by side, in the order of the teams."""
    team = np.repeat(np.arange(len(practices)), [p.physicians for p in practices])
    ordinal = np.concatenate([np.arange(p.physicians) for p in practices] or [np.zeros(0, dtype=np.int64)])
    table = new_table(COLUMNS, len(team))
    if not len(team):
        return table
    table["team"] = team
    members = list(zip(team.tolist(), ordinal.tolist(), strict=True))
    table["who"] = [content_id("physician", practices[t].who, n, 0) for t, n in members]
    table["cell"] = [practices[t].sites[n % len(practices[t].sites)] for t, n in members]
    _fill_person(table, practices, ordinal, seed, par)
    _fill_practice(table, practices, ordinal, par)
    _fill_attitudes(table, practices, ordinal, seed, par)
    _fill_leadership(table, practices, ordinal, seed, par)
    table["list_target"] = list_targets(practices, table, ground, seed, par)
    return table


def per_member(practices: Sequence[Practice], table: Table, key: str) -> Numbers:
    """A number of the team's specification for each member."""
    return np.array([float(getattr(p.spec, key)) for p in practices])[table["team"]]


def near_retirement(table: Table, par: Table) -> NDArray[np.bool_]:
    """Who is within a few years of the usual age of retirement."""
    limit = par["workforce_retirement_age"][0] - par["workforce_near_retirement_years"][0]
    return np.asarray(-table["birth_week"] >= limit * WEEKS_PER_YEAR)


def _fill_person(
    table: Table, practices: Sequence[Practice], ordinal: NDArray[np.int64], seed: int, par: Table
) -> None:
    """Age, sex, half-days, weeks off and departures that are due."""
    who = table["who"]
    share_women = per_member(practices, table, "share_women")
    table["woman"] = uniforms(seed, WOMAN, who) < share_women
    table["birth_week"] = -np.round(_ages(table, practices, ordinal, seed, par) * WEEKS_PER_YEAR)
    table["leave_weeks"] = par["workforce_leave_weeks"][0]
    soon = uniforms(seed, DEPARTURE, who) * par["workforce_departure_weeks"][0]
    leaves = ordinal < per_member(practices, table, "departures_due")
    table["leaves_week"] = np.where(leaves, np.floor(soon), -1)

    fte, size = per_member(practices, table, "physician_fte"), per_member(practices, table, "physicians")
    full_time = fte * par["workforce_half_days_full_time"][0] / size
    mean = np.where(fte > 0, full_time, per_member(practices, table, "half_days"))
    # women's hours are lower by the gap, and the mean over both stays what the team says
    gap = par["workforce_half_days_women_gap"][0]
    own = mean * (1 - gap * table["woman"]) / (1 - gap * share_women)
    low, high = par["workforce_half_days_bounds"][0]
    drawn = own + par["workforce_half_days_sd"][0] * normals(seed, HALF_DAYS, who)
    half_days = np.clip(drawn, np.minimum(low, mean), np.maximum(high, mean))
    of_team = np.bincount(table["team"], weights=half_days, minlength=len(practices))[table["team"]]
    table["half_days"] = np.where(fte > 0, half_days * full_time * size / of_team, half_days)


def _ages(table: Table, practices: Sequence[Practice], ordinal: NDArray[np.int64], seed: int, par: Table) -> Numbers:
    """Ages in years; in a team that says how many are near retirement, those are its first members, and no other."""
    low, high = par["workforce_age_bounds"][0]
    spread = par["workforce_age_sd"][0] * normals(seed, AGE, table["who"])
    age = np.clip(per_member(practices, table, "mean_age") + spread, low, high)
    years = float(par["workforce_near_retirement_years"][0])
    limit = float(par["workforce_retirement_age"][0]) - years
    said = per_member(practices, table, "near_retirement")
    near = limit + years * uniforms(seed, AGE, table["who"], step=1)
    younger = np.minimum(age, limit - 1 / WEEKS_PER_YEAR)
    return np.where(said > 0, np.where(ordinal < said, near, younger), age)


def _fill_practice(table: Table, practices: Sequence[Practice], ordinal: NDArray[np.int64], par: Table) -> None:
    """Slots, load, openness of the list, ties and costs."""
    low, high = par["workforce_slot_bounds"][0]
    extra = par["workforce_slot_women_extra"][0] * table["woman"]
    each = [practices[t].spec.slot_chronic_each[n : n + 1] for t, n in zip(table["team"], ordinal, strict=True)]
    chronic = per_member(practices, table, "slot_chronic") + extra
    table["slot_acute"] = np.clip(per_member(practices, table, "slot_acute") + extra, low, high)
    usual = np.clip(chronic, low, high)
    table["slot_chronic"] = [own[0] if own else c for own, c in zip(each, usual, strict=True)]
    for column in ("renewal_interval_months", "renewal_interval_unstable"):
        table[column] = per_member(practices, table, "renewal_interval_months")
    table["phone_share"] = par["service_phone_share"][0]

    load = per_member(practices, table, "load")
    table["demand_share"] = np.where(load > 0, load, par["workforce_demand_share"][0])
    above = (table["demand_share"] - par["service_overload_start"][0]) / par["service_overload_span"][0]
    table["overload"] = np.clip(above, 0, par["service_overload_highest"][0])
    openness = par["workforce_list_open_constant"][0]
    table["list_open"] = logistic(
        openness + par["workforce_list_open_near_retirement"][0] * near_retirement(table, par)
    )
    table["salaried"] = np.array([p.salaried for p in practices])[table["team"]]
    table["overhead"] = np.where(table["salaried"], 0.0, par["workforce_overhead"][0])
    table["hospital_tie"] = per_member(practices, table, "hospital_tie")
    table["fatigue"] = par["workforce_fatigue"][0]
    table["job_meaning"] = par["workforce_job_meaning"][0]


def _fill_attitudes(
    table: Table, practices: Sequence[Practice], ordinal: NDArray[np.int64], seed: int, par: Table
) -> None:
    """Altruism, openness to delegation, what is central, fears and beliefs."""
    who = table["who"]
    table["alpha"] = par["workforce_alpha_median"][0] * np.exp(
        par["workforce_alpha_log_sd"][0] * normals(seed, ALPHA, who)
    )
    table["open_deleg"] = _openness(table, practices, ordinal, seed, par)
    for task in range(N_TASKS):
        noise = par["workforce_core_sd"][0] * normals(seed, CORE, who, step=task)
        table["core"][:, task] = np.clip(par["tasks_core"][0][task] + noise, 0, 1)
    table["liability"] = betas(
        uniforms(seed, LIABILITY, who), par["workforce_liability_mean"][0], par["workforce_liability_sd"][0]
    )
    table["intermediary"] = ordinal < per_member(practices, table, "intermediaries")
    knows = np.where(table["intermediary"], par["workforce_kappa_intermediary"][0], par["workforce_kappa_other"][0])
    table["kappa"] = knows[:, None]
    drawn = per_member(practices, table, "identity") + par["workforce_identity_sd"][0] * normals(seed, IDENTITY, who)
    table["identity"] = np.where(table["salaried"], par["workforce_identity_salaried"][0], np.clip(drawn, 0, 1))
    table["peer_belief"] = par["workforce_peer_belief"][0]


def _openness(
    table: Table, practices: Sequence[Practice], ordinal: NDArray[np.int64], seed: int, par: Table
) -> Numbers:
    """Openness to delegation: a Beta whose mean, adjustments included, is the one that the team says."""
    women, near = par["workforce_open_women"][0], par["workforce_open_near_retirement"][0]
    leader = par["workforce_open_leader"][0]
    size = per_member(practices, table, "physicians")
    leads = (ordinal == 0) & np.isin([practices[t].kind for t in table["team"]], PROJECT_KINDS)
    any_leader = np.isin([practices[t].kind for t in table["team"]], PROJECT_KINDS)
    expected = (
        women * per_member(practices, table, "share_women")
        + near * per_member(practices, table, "near_retirement") / size
        + leader * any_leader / size
    )
    own = women * table["woman"] + near * near_retirement(table, par) + leader * leads
    drawn = betas(
        uniforms(seed, OPEN, table["who"]),
        per_member(practices, table, "open_deleg"),
        per_member(practices, table, "open_deleg_sd"),
    )
    return np.clip(drawn + own - expected, 0, 1)


def _fill_leadership(
    table: Table, practices: Sequence[Practice], ordinal: NDArray[np.int64], seed: int, par: Table
) -> None:
    """Network, know-how and will; the first member of a team of the scenario leads it and has the team's values."""
    first = (ordinal == 0) & np.array([p.named for p in practices])[table["team"]]
    for name, which in (("network", NETWORK), ("knowhow", KNOWHOW), ("will", WILL)):
        drawn = uniforms(seed, which, table["who"])
        table[name] = np.where(first, per_member(practices, table, name), drawn)
    table["leads"] = uniforms(seed, LEADS, table["who"]) < par["workforce_leads_share"][0]

"""What a run paid: the payments and shares of a team, a year or a rule, and what payees and rules are called."""

import difflib
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from results.messages import _, label
from results.run import Run, RunError

CENTS: Final = 100
PERSONS: Final = ("physician", "nurse")


@dataclass(frozen=True, slots=True)
class Paid:
    """A part of what was paid.

    Attributes:
        year: year of the run.
        payments: rows of the run's table of payments.
        shares: rows of its table of shares: what persons got of it.
    """

    year: int
    payments: pd.DataFrame
    shares: pd.DataFrame


def paid(run: Run, *, team: str = "", year: int = 0, policy: str = "") -> Paid:
    """What was paid to a team in a year under a rule.

    Args:
        run: an open run.
        team: name of a team; every payee when empty.
        year: year of the run; the last one when 0.
        policy: a payment rule, or a sharing rule; all when empty.

    Raises:
        RunError: when nothing was paid, or the run holds no such team, year or rule.
    """
    payments, shares = run.payments, run.shares
    if payments.empty:
        raise RunError(_("{path}: nothing was paid in this run.", path=run.path))
    years = sorted(payments["year"].unique())
    year = year or int(years[-1])
    if year not in years:
        raise RunError(_("{path}: the run has no year {year}. Its years: {known}.",
                         path=run.path, year=year, known=", ".join(map(str, years))))  # fmt: skip
    payments, shares = (table[table["year"] == year] for table in (payments, shares))
    if team:
        row = row_of_team(run, team)
        payments, shares = (table[table["team"] == row] for table in (payments, shares))
    if policy:
        known = [*payments["system"].unique(), *(rule for rule in shares["rule"].unique() if rule)]
        if policy not in known:
            raise _unknown(_("payment rule"), policy, known)
        payments, shares = payments[payments["system"] == policy], shares[shares["rule"] == policy]
    return Paid(year, payments, shares)


def payee_name(run: Run, level: str, payee: int) -> str:
    """A payee by name, or by the number of its row."""
    if level in ("team", "hospital"):
        rows = run.sites[(run.sites["kind"] == level) & (run.sites["site"] == payee)]
        name = str(rows["name"].iloc[0]) if len(rows) else ""
        if name:
            return name
    names = {"team": _("team {n}", n=payee), "hospital": _("hospital {n}", n=payee),
             "physician": _("physician {n}", n=payee), "nurse": _("nurse {n}", n=payee)}  # fmt: skip
    return names[level]


def kind_title(kind: str) -> str:
    """A kind of payee as people call it."""
    return {
        "person": _("persons"), "team_account": _("team account"), "association": _("association"),
        "employer": _("employer"), "hospital": _("hospital"),
    }[kind]  # fmt: skip


def pool_title(pool: str) -> str:
    """A kind of money as people call it."""
    return {
        "personal": _("personal"), "fees": _("pooled fees"), "lump_sum": _("lump sum"), "collective": _("collective"),
    }[pool]  # fmt: skip


def rule_titles(run: Run) -> dict[str, str]:
    """Title of every rule of a run, in the language in use, without what explains it."""
    titles: dict[Any, Any] = dict(zip(run.payment_rules["system"], run.payment_rules["title"], strict=True))
    return {str(rule): label(str(title)).split(":")[0].rstrip() for rule, title in titles.items()}


def row_of_team(run: Run, team: str) -> int:
    """Row of a team by its name.

    Raises:
        RunError: when the run has no team of that name, with the nearest one.
    """
    rows = run.sites.loc[(run.sites["kind"] == "team"), ["site", "name"]]
    found = dict(zip(rows["name"], rows["site"], strict=True))
    if team not in found:
        raise _unknown(_("team"), team, list(found))
    return int(found[team])


def _unknown(what: str, name: str, known: list[str]) -> RunError:
    if not known:
        return RunError(_('the run has no {what} "{name}".', what=what, name=name))
    near = difflib.get_close_matches(name, known, n=1) or known[:1]
    return RunError(_('the run has no {what} "{name}". Did you mean "{nearest}"? Known: {known}.',
                      what=what, name=name, nearest=near[0] if near else "", known=", ".join(known)))  # fmt: skip

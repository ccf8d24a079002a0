"""A contract: the policies that a team is under, in the order in which they settle (systems 0.1)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.mistakes import Mistake, shown
from agents.teams import BY_NURSES, BY_PHYSICIANS, PERIMETERS
from sim import events
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.checks import asked, checked, eligible, replaced_by
from sim.payment.funded_staff import FundedStaff
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy, Replaced
from sim.payment.rules import policy_class
from sim.payment.statement import Statement
from sim.payment.terms import Change
from sim.specification import ScenarioSpec, TeamSpec
from sim.tariffs import NURSE_CODES

SINCE, UNTIL = "from", "until"
"""Keys of the terms of a contract that are days, for every policy: when it begins and when it ends."""

_SELF_EMPLOYED: Final = ("fee_for_service", "list_lump_sums", "rosp")
USUAL: Final[Mapping[str, tuple[str, ...]]] = {
    "solo": _SELF_EMPLOYED,
    "group": _SELF_EMPLOYED,
    "msp": _SELF_EMPLOYED,
    "health_centre": (*_SELF_EMPLOYED, "health_centre_salary"),
    "cpts": (),
}
"""What a team of each kind is paid by when the scenario names no contract (systems 0.1, layer 1)."""


@dataclass(frozen=True)
class Contract:
    """The policies of one contract, each under its terms, in the order of settlement."""

    policies: tuple[Policy[Any], ...]

    def replaced(self, day: date) -> list[Replaced]:
        """Claims that are replaced on a day."""
        in_force = [policy for policy in self.policies if policy.begins <= day <= policy.ends]
        return [one for policy in in_force for one in replaced_by(policy, day)]

    def days_of_change(self) -> set[date]:
        """Days from which what is replaced may be other claims than the day before."""
        return {day for policy in self.policies for day in policy.days_of_change()}

    def unpaid_nurses(self, day: date) -> set[int]:
        """Kinds of nurses who lived on a rule alone that pays them no more on a day."""
        staff = [policy for policy in self.policies if isinstance(policy, FundedStaff) and policy.stopped(day)]
        return {policy.employs for policy in staff if policy.employs is not None}

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Iterator[Statement]:
        """What every policy pays for a year, in order.

        Acts that a policy replaced go back to fees for the teams that it finds not eligible.

        Raises:
            Mistake: when a policy of the user's own fails, with its name.
        """
        in_force = [policy for policy in self.policies if policy.holds(accounts.year)]
        for policy in in_force:
            if policy.layer is Layer.SUBSTITUTION:
                may = eligible(policy, accounts, history, norms)
                codes = {code for one in replaced_by(policy, accounts.last_day) for code in one.codes}
                accounts = accounts.with_returned(~may, sorted(codes))
        for policy in in_force:
            yield paid_by(policy, accounts, history, norms)


def paid_by(policy: Policy[Any], accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
    """What one policy pays for a year, of which it is known what goes back to fees.

    Raises:
        Mistake: when a policy of the user's own fails, with its name.
    """
    statement = asked(policy, policy.settle, accounts, history, norms)
    return checked(statement, policy.name, policy.may_be_negative, accounts)


def usual(specification: ScenarioSpec, kind: str) -> tuple[str, ...]:
    """Names of the policies of a team of a kind that names none: those of the scenario, else the usual ones."""
    return tuple(specification.default_contract) or USUAL[kind]


def signed_by(specification: ScenarioSpec, team: TeamSpec) -> tuple[str, ...]:
    """Names of the policies that a team of the scenario is under at the start."""
    return tuple(team.contract) or usual(specification, team.kind)


def contract_of(
    names: Sequence[str], terms: Mapping[str, Mapping[str, Any]], start: date,
    changes: Mapping[str, Sequence[Change]] | None = None, decided: Mapping[str, Sequence[Change]] | None = None,
) -> Contract:  # fmt: skip
    """The contract of a team.

    Args:
        names: its policies.
        terms: by policy, values of terms that differ from the defaults; ``from`` and ``until`` are days.
        start: first day of the scenario; policies without a day of their own are in force then.
        changes: by policy, the values of a reform.
        decided: by policy, what the payer has decided since, over everything else.

    Raises:
        Mistake: an unknown policy or term, a value that a term cannot take, or policies that pay for the same thing.
    """
    reform, later = changes or {}, decided or {}
    policies = [_bound(name, terms.get(name, {}), reform.get(name, ()), later.get(name, ())) for name in names]
    _refuse_double_pay(policies, start)
    return Contract(tuple(sorted(policies, key=lambda policy: policy.layer)))


def bits(replaced: Sequence[Replaced]) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Replaced claims as the week's kernels read them.

    Returns:
        Bits of the act codes by scope, ``(3,)``; perimeter of the acts of physicians and of nurses, ``(2,)``.
    """
    codes = np.zeros(len(events.SCOPES), dtype=np.uint32)
    perimeter = np.zeros(2, dtype=np.uint8)
    for one in replaced:
        for code, scope in one.claims():
            codes[events.SCOPES.index(scope)] |= np.uint32(1 << events.CODES.index(code))
            profession = BY_NURSES if code in NURSE_CODES else BY_PHYSICIANS
            perimeter[profession] = PERIMETERS.index(one.perimeter)
    return codes, perimeter


def _bound(name: str, terms: Mapping[str, Any], reform: Sequence[Change], decided: Sequence[Change]) -> Policy[Any]:
    days = {key: _day(name, key, terms[key]) for key in (SINCE, UNTIL) if key in terms}
    if len(days) > 1 and days[UNTIL] < days[SINCE]:
        raise Mistake("{policy}.until = {until} comes before {policy}.from = {since}.",
                      policy=name, until=days[UNTIL], since=days[SINCE])  # fmt: skip
    own = [Change(term, value) for term, value in terms.items() if term not in (SINCE, UNTIL)]
    return policy_class(name)([*reform, *own, *decided], since=days.get(SINCE), until=days.get(UNTIL))


def _day(policy: str, key: str, value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise Mistake(
        "{policy}.{key} = {value} is not a day, such as 2021-01-01.", policy=policy, key=key, value=shown(value)
    )


def _refuse_double_pay(policies: Sequence[Policy[Any]], start: date) -> None:
    """Refuse policies that would pay the same act, or the same thing, on the same day."""
    for one, other in combinations(policies, 2):
        if not _overlap(one, other):
            continue
        if one.name in other.excludes or other.name in one.excludes:
            raise Mistake('contract: "{one}" and "{other}" pay for the same thing; end one before the other begins.',
                          one=one.name, other=other.name)  # fmt: skip
        if Policy.replaces in (type(one).replaces, type(other).replaces):
            continue
        for day in _days(one, other, start):
            for code, scope in sorted(_claims(one, day) & _claims(other, day)):
                raise Mistake('contract: "{one}" and "{other}" both replace acts {code} ({scope}) on {day}.',
                              one=one.name, other=other.name, code=code, scope=scope, day=day)  # fmt: skip


def _days(one: Policy[Any], other: Policy[Any], start: date) -> list[date]:
    """The first day on which two policies hold together, and every later one on which a term of theirs changes."""
    first = max(one.since or start, other.since or start)
    later = one.days_of_change() | other.days_of_change()
    return sorted({first} | {day for day in later if first < day <= min(one.ends, other.ends)})


def _claims(policy: Policy[Any], day: date) -> set[tuple[str, str]]:
    return {claim for one in replaced_by(policy, day) for claim in one.claims()}


def _overlap(one: Policy[Any], other: Policy[Any]) -> bool:
    return max(one.begins, other.begins) <= min(one.ends, other.ends)

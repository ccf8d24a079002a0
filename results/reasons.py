"""Why somebody decided: the terms that weighed most, in words.

A term of the diary is what it adds to the decision: above zero it pushes towards more (a larger share, a yes), below
zero towards less; of :data:`GAINS`, above zero it speaks for the change that was made, whichever way it goes. Terms of
:data:`FACTS` are numbers of another kind (votes, euros, people), which sentences quote.
"""

from collections.abc import Iterable, Mapping
from math import isnan
from typing import Final, NamedTuple

from results.cast import listed
from results.messages import _

GAINS: Final = frozenset({"renewal", "slot", "effort", "hours"})
"""Kinds of events whose terms are what the choice gains over staying as one is."""
FACTS: Final = frozenset(
    {
        "voters",
        "yes",
        "needed",
        "value",
        "authority",
        "chance",
        "chance_to_stay",
        "income",
        "elsewhere",
        "fatigue",
        "successor",
        "visit_pay",
        "believed_best",
        "minute_value",
        "half_day_pay",
        "fee_weight",
        "events",
        "users",
        "ability",
        "free",
        "fund",
        "short",
        "pressure",
        "cost",
        "helped",
        "vetoed",
        "weeks",
        "missing",
        "others_share",
        "reported",
        "activity",
        "claw_back",
        "unmet_need",
        "looked",
        "hours",
    }
)
"""Terms that are counts or amounts, and weigh nothing by themselves."""
TOLD: Final = 2
"""Terms that are told for a decision, the heaviest first."""
WEIGHS: Final = 0.25
"""A term is told when it weighs at least so much of the heaviest one."""
AGAINST: Final = 0.5
"""A term that pulled the other way is told when it weighs at least so much of the heaviest one."""
NOTHING: Final = 1e-3
"""What weighs nothing."""


class Reasons(NamedTuple):
    """Why, in words.

    Attributes:
        pushed: what spoke for it, the heaviest first.
        pulled: what spoke against it.
    """

    pushed: list[str]
    pulled: list[str]


def reasons() -> dict[str, tuple[str, str]]:
    """What each term is called when it pushes towards more, and when it pushes towards less."""
    return _work() | _people() | _money() | _team()


def _work() -> dict[str, tuple[str, str]]:
    """Time, tasks and patients."""
    full = (_("overfull schedules"), _("overfull schedules"))
    loaded = (_("some time to spare"), _("too much work already"))
    return {
        "overload": full, "freed_time": (_("time that is freed"), _("time that supervision costs")),
        "queue": (_("a long waiting list"), _("a short waiting list")), "load": loaded,
        "load_stress": loaded, "effort": (_("little effort asked"), _("the effort that it takes")),
        "minutes": (_("time that is freed"), _("the time that it takes")),
        "time": (_("time that is saved"), _("the time that it takes")),
        "work": (_("less work"), _("the work that it means")),
        "core": (_("a task seen as secondary"), _("a task felt to be the heart of the trade")),
        "formal": (_("an act that the law leaves to physicians"), _("an act that the law now gives to others")),
        "liability": (_("little fear of liability"), _("the fear of liability")),
        "benefit": (_("what patients gain by it"), _("what patients would lose by it")),
        "best": (_("what medicine advises"), _("what medicine advises")),
        "local_need": (_("patients without a physician around"), _("needs that are met around")),
        "list_building": (_("a list still to be built"), _("a list that is full")),
        "near_retirement": (_("a long career ahead"), _("retirement in sight")),
        "selection": (_("patients who need little time"), _("patients who need much time")),
        "content": (_("work that makes sense"), _("work that has lost its sense")),
        "skill": (_("well-trained partners"), _("training still to come")),
        "shock": (_("calm after an incident"), _("the memory of an incident")),
        "clash": (_("a convenient hour"), _("rounds at the same hour")),
        "habit": (_("habit"), _("habit")), "inertia": (_("habit"), _("habit")), "change": (_("habit"), _("habit")),
    }  # fmt: skip


def _people() -> dict[str, tuple[str, str]]:
    """Partners, colleagues, messages, oneself."""
    openness = (_("a liking for shared work"), _("little liking for shared work"))
    message = (_("a message that speaks of good care"), _("a message that speaks of savings"))
    colleagues = (_("the example of colleagues"), _("the reserve of colleagues"))
    autonomy = (_("freedom in the work"), _("the wish to work alone"))
    tie = (_("ties with the leader"), _("loose ties with the leader"))
    return {
        "knowledge": (_("a partner who is well known"), _("a partner who is hardly known")),
        "availability": (_("a partner under the same roof"), _("a partner who is far away")),
        "openness": openness, "open": openness, "peers": colleagues, "peers_yes": colleagues, "omega": colleagues,
        "message": message, "reading": message, "readability": message, "norm": message,
        "trust": (_("trust"), _("mistrust")), "tie": tie, "tie_leader": tie, "leader_tie": tie,
        "messenger": (_("a trusted messenger"), _("a messenger who is mistrusted")),
        "dependence": (_("dependence on prescribers"), _("dependence on prescribers")),
        "autonomy": autonomy, "overlap": (_("patients in common"), _("few patients in common")),
        "leader": (_("the nurse's own initiative"), _("a waiting attitude")),
        "sanction": (_("the example of colleagues"), _("the reserve of colleagues")),
        "retiring": (_("colleagues about to retire"), _("colleagues about to retire")),
        "premises": (_("premises that no longer do"), _("premises that no longer do")),
        "identity": (_("little attachment to self-employment"), _("attachment to self-employment")),
        "meaning": (_("pride in the work"), _("a job that has lost some of its meaning")),
        "fatigue": (_("rest"), _("fatigue")), "morale": (_("good spirits"), _("low spirits")),
        "criticism": (_("few criticisms"), _("criticisms")), "will": (_("the will to carry on"), _("a tired will")),
        "isolation": (_("isolation"), _("company")),
    }  # fmt: skip


def _money() -> dict[str, tuple[str, str]]:
    """What the own pocket sees."""
    own = (_("money to be gained"), _("money to be lost"))
    settled = (_("money that comes later through the team"), _("money that the team would lose later"))
    return {
        "money": own, "pay": own, "income_change": own, "incentive": own, "direct": own, "visit_pay": own,
        "gain": own, "fees": own, "rate": (_("paid meeting hours"), _("meeting hours paid less than care")),
        "settled": settled, "team": settled, "private_gain": (_("a gain of one's own"), _("no gain of one's own")),
        "spread": (_("a safe amount"), _("the uncertainty of the amount")),
        "risk": (_("a safe amount"), _("the uncertainty of the amount")),
        "substitution": (_("fees that are kept"), _("fees that would disappear")),
        "outside": (_("pay as good as elsewhere"), _("better pay elsewhere")),
        "outside_option": (_("pay as good as elsewhere"), _("better pay elsewhere")),
        "target_income": (_("an income that has fallen"), _("an income that suffices")),
        "funds": (_("money that is sure to come"), _("money that is lacking")),
                "commitments": (_("expenses already committed"), _("few expenses committed")),
        "lock_in": (_("expenses already committed"), _("few expenses committed")),
    }  # fmt: skip


def _team() -> dict[str, tuple[str, str]]:
    """What a team weighs together."""
    papers = (_("little paperwork"), _("paperwork"))
    quarrel = (_("the quarrel over the split of the money"), _("the quarrel over the split of the money"))
    return {
        "recognition": (_("recognition"), _("a lack of recognition")),
        "project_fit": (_("a project that fits"), _("a project that does not fit")),
        "project": (_("a project that fits"), _("a project that does not fit")),
        "admin": papers, "admin_hours": papers, "paperwork": papers, "quarrel": quarrel, "conflict": quarrel,
        "coercion": (_("the fear of being forced later"), _("no fear of being forced")),
        "fear": (_("the fear of being forced later"), _("no fear of being forced")),
        "authority": (_("the authority of the leader"), _("a leader without authority")),
        "strength": (_("a strong leader"), _("a weak leader")),
        "ability": (_("an able team"), _("a team without means")),
        "learning": (_("experience"), _("a lack of experience")),
        "alliance": (_("a good understanding with the payer"), _("a poor understanding with the payer")),
        "motive": (_("conviction"), _("little conviction")), "goodwill": (_("the payer's trust"), _("mistrust")),
        "projects": (_("projects already under way"), _("no project under way")),
        "exit_risk": (_("teams about to leave"), _("teams that are content")),
        "under_spend": (_("money left over"), _("no money left over")),
        "surprise": (_("unexpected results"), _("expected results")),
        "deficit": (_("room in the budget"), _("pressure on the budget")),
    }  # fmt: skip


def weighed(events: Iterable[tuple[Mapping[str, float], float]]) -> dict[str, float]:
    """Mean terms of several decisions, each with its weight."""
    total: dict[str, float] = {}
    weights = 0.0
    for terms, weight in events:
        weights += weight
        for name, value in terms.items():
            if name not in FACTS and not isnan(value):
                total[name] = total.get(name, 0.0) + weight * float(value)
    return {name: value / weights for name, value in total.items()} if weights else {}


def heaviest(terms: Mapping[str, float], towards: float) -> Reasons:
    """What pushed most towards more (``towards`` above 0) or less, and what pulled back most, in words.

    What is called the same is told once.
    """
    known = reasons()
    sign = 1 if towards >= 0 else -1
    ranked = sorted(((sign * value, name) for name, value in terms.items() if name in known), key=_heaviest_first)
    most = max((abs(value) for value, _name in ranked), default=0.0)
    pushed = [(value, name) for value, name in ranked if value >= max(WEIGHS * most, NOTHING)]
    pulled = [(value, name) for value, name in ranked if -value >= max(AGAINST * most, NOTHING)]
    for_it = [known[name][0 if sign > 0 else 1] for _value, name in pushed]
    against = [known[name][1 if sign > 0 else 0] for _value, name in reversed(pulled)]
    return Reasons(list(dict.fromkeys(for_it))[:TOLD], list(dict.fromkeys(against))[:1])


def _heaviest_first(term: tuple[float, str]) -> tuple[float, str]:
    value, name = term
    return -value, name


def because(terms: Mapping[str, float], towards: float) -> str:
    """One sentence on why, or nothing when no term is known to weigh."""
    return said(heaviest(terms, towards))


def said(found: Reasons) -> str:
    """Reasons as one sentence; nothing when there is none. The beginning varies with what follows."""
    pushed = list(dict.fromkeys(found.pushed))
    pulled = [reason for reason in dict.fromkeys(found.pulled) if reason not in pushed]
    if not pushed:
        return ""
    text = listed(pushed)
    if pulled:
        return _("What weighed: {reasons}, in spite of {but}.", reasons=text, but=pulled[0])
    sentences = _sentences(text)
    return sentences[len(text) % len(sentences)]


def is_reason(text: str) -> bool:
    """Whether a sentence gives reasons: it begins as :func:`said` does."""
    return text.startswith(tuple(one.removesuffix(".") for one in _sentences("")))


def _sentences(text: str) -> tuple[str, ...]:
    return (
        _("What weighed: {reasons}.", reasons=text), _("The reasons: {reasons}.", reasons=text),
        _("Behind this: {reasons}.", reasons=text),
    )  # fmt: skip

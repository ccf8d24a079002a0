"""What happens on a day, in sentences: votes, contracts, posts, people who leave, the leader, the payer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil, isnan
from typing import Final

from results.cast import Cast, listed
from results.diary import Entry, leaders
from results.messages import _, ngettext, number
from results.reasons import because
from results.spoken import month_of, part, plain, sentence, task

SMALL: Final = 0.05
"""Change of a conflict from which it is told."""
ROUNDING: Final = 1e-6
CONFLICTS: Final = (0.2, 0.5)
"""Conflict from which it is felt, and from which it is open."""


LEAVING: Final = "leave: "
"""How the text of a vote on leaving begins."""
CONTESTED: Final = 0.25
"""Share of yes from which a vote on leaving that fails is worth telling."""


@dataclass
class Teller:
    """What a sentence may have to know.

    Attributes:
        cast: the people.
        titles: titles of payment and sharing rules, by name.
        contract: rules that pay the team now.
        following: what came after the event in its week, up to the next vote.
        told: what another sentence has told already.
        month: the month that was said last.
    """

    cast: Cast
    titles: Mapping[str, str]
    contract: set[str]
    following: list[Entry] = field(default_factory=list)
    told: list[Entry] = field(default_factory=list)
    month: str = ""

    def rule(self, names: str) -> str:
        """Rules as the run calls them; their own names when the run never paid by them."""
        return listed(self.titles.get(name) or name.replace("_", " ") for name in names.split(", ")) or _(
            "its contract"
        )

    def when(self, entry: Entry) -> str:
        """The month of an event; nothing when it was said in the sentence before."""
        month = month_of(self.cast.run, entry.week)
        known, self.month = self.month, month
        return "" if month == known else month


def tell(teller: Teller, entry: Entry) -> str:
    """One event as a sentence or two; empty when another sentence tells it, or when there is little to tell."""
    if any(entry is one for one in teller.told):
        return ""
    text = TOLD[entry.kind](teller, entry) if entry.kind in TOLD else ""
    return sentence(text.removeprefix(", ").strip())


def _vote(teller: Teller, entry: Entry) -> str:
    leaving, rules = entry.text.startswith(LEAVING), entry.text.removeprefix(LEAVING)
    signed = next((one for one in teller.following if one.kind in ("join", "leave")), None)
    refused = any(one.kind == "control" and one.text == "refused" for one in teller.following)
    carried = signed is not None or refused or isnan(entry.before) or entry.after >= entry.before
    if leaving and not carried and entry.after < CONTESTED:
        return ""
    if signed:
        rules = signed.text
        _signed(teller, signed)
        teller.told.append(signed)
    facts = {"when": teller.when(entry), "rule": teller.rule(rules), "votes": _votes(entry)}
    if leaving:
        text = _("{when}, the team votes on leaving {rule}: {votes}.", **facts)
        outcome = _("The team leaves.") if carried else _("The team stays.")
    else:
        text = _("{when}, the team votes on {rule}: {votes}.", **facts)
        outcome = _outcome(entry, signed, carried=carried)
    # What a vote on leaving is worth is what staying is worth, so a team that leaves goes by what speaks against it.
    return f"{text} {outcome} {because(entry.terms, -1 if leaving == carried else 1)}"


def _votes(entry: Entry) -> str:
    """The count of a vote where it is known, else its share of yes, and what was needed."""
    voters = entry.terms.get("voters", 0.0)
    if voters:
        yes = entry.terms.get("yes", entry.after * voters)
        text = _("{yes} votes in favour out of {voters}", yes=number(round(yes)), voters=number(round(voters)))
    else:
        text = _("{share} in favour", share=part(entry.after))
    if isnan(entry.before):
        return text
    needed = number(ceil(entry.before * voters - ROUNDING)) if voters else part(entry.before)
    return _("{votes}, {needed} needed", votes=text, needed=needed)


def _outcome(entry: Entry, signed: Entry | None, *, carried: bool) -> str:
    if signed:
        by_vote = isnan(entry.before) or entry.after >= entry.before
        return _("The team joins.") if by_vote else _("The leader carries it against the vote: the team joins.")
    return _("The proposal is carried.") if carried else _("The proposal falls.")


def _signed(teller: Teller, entry: Entry) -> None:
    """The contract once rules are joined or left."""
    names = set(entry.text.split(", "))
    teller.contract = teller.contract | names if entry.kind == "join" else teller.contract - names


def _join(teller: Teller, entry: Entry) -> str:
    _signed(teller, entry)
    text = _("{when}, the team joins {rule}.", when=teller.when(entry), rule=teller.rule(entry.text))
    return f"{text} {because(entry.terms, 1)}"


def _leave(teller: Teller, entry: Entry) -> str:
    facts = {"when": teller.when(entry), "rule": teller.rule(entry.text)}
    if entry.physician in teller.cast.physicians:
        who = teller.cast.physician(entry.physician)
        text = _("{when}, {who} leaves {rule}; the team stays.", who=who, **facts)
    else:
        _signed(teller, entry)
        text = _("{when}, the team leaves {rule}.", **facts)
    return f"{text} {because(entry.terms, -1)}"


def _sharing(teller: Teller, entry: Entry) -> str:
    text = _("{when}, the team changes how it shares its money: {rule}.",
             when=teller.when(entry), rule=teller.rule(entry.text))  # fmt: skip
    quarrels = any(name.startswith("quarrel") for name in entry.terms)
    return f"{text} " + (_("It is the rule over which people quarrel least.") if quarrels else "")


def _conflict(teller: Teller, entry: Entry) -> str:
    felt, open_conflict = CONFLICTS
    if entry.text == "withdrawn":
        return _("{when}, the leader withdraws a proposal: no way of sharing its money would be accepted.",
                 when=teller.when(entry))  # fmt: skip
    if abs(entry.change) < SMALL:
        return ""
    when = teller.when(entry)
    if entry.change < 0:
        return _("{when}, the quarrel over the money calms down.", when=when)
    if entry.after >= open_conflict:
        return _("{when}, the split of the money ends in open conflict.", when=when)
    if entry.after >= felt:
        return _("{when}, the split of the money sets people against each other.", when=when)
    return _("{when}, the split of the money makes some people grumble.", when=when)


def _hire(teller: Teller, entry: Entry) -> str:
    if entry.physician >= 0:
        who = teller.cast.physician(entry.physician)
        return _("{when}, somebody new takes over the practice of {who}, and bears the letter from now on.",
                 when=teller.when(entry), who=who)  # fmt: skip
    facts = {"when": teller.when(entry), "post": _post(teller, entry)}
    if entry.text == "successor" and entry.week <= teller.cast.came.get(entry.nurse, -1):
        return _("{when}, {who} takes up the post.", when=teller.when(entry), who=teller.cast.nurse(entry.nurse))
    if entry.text == "successor":
        return _("{when}, somebody new takes over {post}.", **facts)
    terms = {"funds": 1.0, "projects": 0.5} if "free" in entry.terms else entry.terms
    return _("{when}, {post} is opened", **facts) + f"{_posts(entry)} {because(terms, 1)}"


def _post_closed(teller: Teller, entry: Entry) -> str:
    text = _("{when}, {post} is closed", when=teller.when(entry), post=_post(teller, entry))
    terms = {"funds": -1.0} if "short" in entry.terms else entry.terms
    return f"{text}{_posts(entry)} {because(terms, -1)}"


def _post(teller: Teller, entry: Entry) -> str:
    if entry.nurse >= 0:
        return _("the post of {nurse}", nurse=teller.cast.nurse(entry.nurse))
    if entry.support >= 0:
        return _("a post at the front desk")
    known = {"nurse": _("a nurse's post"), "coordinator": _("a coordinator's post"),
             "secretary": _("a post at the front desk")}  # fmt: skip
    return known.get(entry.text, _("a nurse's post"))


def _posts(entry: Entry) -> str:
    """What the team's money pays now, and the end of the sentence."""
    if isnan(entry.after):
        return "."
    if not round(entry.after, 1):
        return _("; the team's money pays for no post any more.")
    return ngettext(
        "; the team's money now pays for {fte} full-time post.",
        "; the team's money now pays for {fte} full-time posts.",
        round(entry.after, 1),
        fte=plain(entry.after),
    )


def _departure(teller: Teller, entry: Entry) -> str:
    when = teller.when(entry)
    if entry.nurse >= 0:
        own = {"outside": entry.terms["income"]} if "chance_to_stay" in entry.terms else {}
        known = {"income": {"outside": -1.0}, "funding": {"funds": -1.0}}
        why = because(known.get(entry.text, entry.terms | own), -1)
        return _("{when}, {who} leaves the post.", when=when, who=teller.cast.nurse(entry.nurse)) + f" {why}"
    if entry.support >= 0:
        return _("{when}, somebody leaves the front desk.", when=when) + " " + because({"morale": -1.0}, -1)
    who = teller.cast.physician(entry.physician)
    if entry.text == "outvoted":
        return _("{when}, as the vote went the other way, {who} decides to leave.", when=when, who=who)
    if entry.text == "retired":
        return _("{when}, {who} retires; whoever follows keeps the letter here.", when=when, who=who)
    return _("{when}, {who} leaves; whoever follows keeps the letter here.", when=when, who=who)


def _project(teller: Teller, entry: Entry) -> str:
    facts = {"when": teller.when(entry), "n": "" if isnan(entry.after) else plain(entry.after)}
    known = {
        "begun": _("{when}, the team begins to write a common project.", **facts),
        "written": _("{when}, the common project is written.", **facts),
        "labelled": _("{when}, the group becomes a health home.", **facts),
        "no_leader": _("{when}, half of the collective projects stop for want of somebody to carry them.", **facts),
        "conflict": _("{when}, a collective project dies of the quarrel over the money.", **facts),
        "disavowed": _("{when}, the team takes one more demand as a slight, and gives up a project.", **facts),
        "meetings": _("{when}, the team begins real meetings on patients.", **facts),
        "protocols": _("{when}, the team begins to work by common protocols.", **facts),
        "coordination": _("{when}, the team begins to coordinate care in earnest.", **facts),
        "opening": _("{when}, the team begins to open longer hours.", **facts),
        "software": _("{when}, the team begins to share its files.", **facts),
        "prevention": _("{when}, the team begins common work on prevention.", **facts),
    }  # fmt: skip
    if entry.text in known:
        why = because(entry.terms, 1) if entry.text == "begun" else ""
        return f"{known[entry.text]} {why}"
    if entry.change < 0:
        return _("{when}, a collective project ends.", **facts) + f" {because(entry.terms, -1)}"
    if entry.after > 1:
        return _("{when}, the team starts one more collective project; {n} are under way.", **facts)
    return _("{when}, the team starts a collective project.", **facts) + f" {because(entry.terms, 1)}"


def _leader(teller: Teller, entry: Entry) -> str:
    old, new = (teller.cast.physician(row) if row in teller.cast.physicians else "" for row in leaders(entry))
    facts = {"when": teller.when(entry), "old": old, "new": new}
    if old and new:
        text = _("{when}, {old} stops leading the team and {new} takes over.", **facts)
    elif new:
        return _("{when}, {new} takes the lead of the team.", **facts)
    elif old:
        text = _("{when}, {old} stops leading the team, and nobody takes over.", **facts)
    else:
        text = _("{when}, nobody leads the team any more.", **facts)
    if entry.text == "retired":
        return f"{text} " + _("It was time to retire.")
    if entry.text == "left":
        return f"{text} " + _("The team has lost whoever led it.")
    return f"{text} " + _("Carrying the team had become exhausting.")


def _profile(teller: Teller, entry: Entry) -> str:
    facts = {"when": teller.when(entry)}
    known = {
        "resistant": _("{when}, the team now meets its contracts by writing down what it already did.", **facts),
        "conforming": _("{when}, the team begins to reinterpret what its contracts ask for.", **facts),
        "innovative": _("{when}, the team begins to use its contracts to try out new services.", **facts),
    }  # fmt: skip
    return known.get(entry.text, _("{when}, the team meets what its contracts ask for in another way.", **facts))


def _software(teller: Teller, entry: Entry) -> str:
    dropped = entry.change < 0 or entry.text in ("dropped", "refused")
    if dropped:
        text = _("{when}, the shared software is dropped.", when=teller.when(entry))
    else:
        text = _("{when}, the team takes up shared software.", when=teller.when(entry))
    return f"{text} {because(entry.terms, -1 if dropped else 1)}"


def _desk(teller: Teller, entry: Entry) -> str:
    text = _("{when}, the secretaries take on one more task: {task}.", when=teller.when(entry), task=task(entry.task))
    return f"{text} {because(entry.terms, 1)}"


def _shock(teller: Teller, entry: Entry) -> str:
    facts = {"when": teller.when(entry), "task": task(entry.task), "who": teller.cast.physician(entry.physician)}
    return _(
        "{when}, after an incident, {who} takes back control: {task}. The whole team becomes more careful.", **facts
    )


def _rule_change(teller: Teller, entry: Entry) -> str:
    moves = {
        "prolong_start_up": _("start-up money is prolonged"), "repeat_last_payment": _("the last payment is repeated"),
        "territorial_adjustment": _("payments are adjusted to the territory"),
        "quality_alone": _("only quality points are paid"), "narrow_perimeter": _("fewer acts are replaced"),
        "raise_floor": _("the floor is raised, or a sanction dropped"), "drop_indicator": _("an indicator is dropped"),
        "individual_top_up": _("one team is paid an extra sum"),
        "perimeter": _("the patients whose acts it replaces are others"),
        "diabetic_indicators": _("diabetics have indicators of their own, or no longer"),
        "questionnaire_mode": _("questionnaires count in another way"),
    }  # fmt: skip
    rule, _dot, move = entry.text.partition(".") if "." in entry.text else ("", "", entry.text)
    if rule and teller.contract and rule not in teller.contract:
        return ""
    facts = {"what": moves.get(move, move.replace("_", " ")), "rule": teller.rule(rule)}
    if entry.terms.get("vetoed"):
        return _("{when}, the payer wants to change {rule} ({what}), but its budget office forbids it.",
                 when=teller.when(entry), **facts)  # fmt: skip
    when = teller.when(entry)
    text = (
        _("{when}, the payer changes {rule}: {what}.", when=when, **facts)
        if rule
        else _("{when}, the payer changes the rules: {what}.", when=when, **facts)
    )
    pressed = {PRESSURES[name]: value for name, value in entry.terms.items() if name in PRESSURES}
    return f"{text} {because(pressed or entry.terms, 1)}"


PRESSURES: Final = {"risk": "exit_risk", "under": "under_spend", "surprise": "surprise"}
"""What presses a payer, as reasons call it."""


def _control(teller: Teller, entry: Entry) -> str:
    if entry.text == "left_alone":
        return ""
    when = teller.when(entry)
    known = {
        "help": _("{when}, the payer looks at the team's practice, and helps.", when=when),
        "reminder": _("{when}, the payer looks at the team's practice, and reminds it of its duties.", when=when),
        "claw_back": _("{when}, the payer looks at the team's practice, and takes money back.", when=when),
        "refused": _("{when}, the payer refuses the contract that the team asked for.", when=when),
    }
    return known.get(entry.text, _("{when}, the payer looks at the team's practice.", when=when))


TOLD: Final[dict[str, Callable[[Teller, Entry], str]]] = {
    "vote": _vote, "join": _join, "leave": _leave, "sharing": _sharing, "conflict": _conflict, "hire": _hire,
    "post_closed": _post_closed, "departure": _departure, "project": _project, "leader": _leader,
    "profile": _profile, "software": _software, "desk": _desk, "shock": _shock, "rule_change": _rule_change,
    "control": _control,
}  # fmt: skip
"""What each kind of event that has its day is told with."""

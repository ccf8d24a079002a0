"""What the diary of a run tells: every kind of event, declared once."""

from typing import Final, NamedTuple


class EventKind(NamedTuple):
    """One kind of event.

    Attributes:
        label: one line for people, in English (the catalogue translates it).
        before, after: what the two numbers of an entry are, "" where it has none.
    """

    label: str
    before: str = ""
    after: str = ""


EVENT_KINDS: Final[dict[str, EventKind]] = {
    "delegation": EventKind("a task is handed over more, or taken back", "share before", "share after"),
    "refusal": EventKind("a nurse declines a task"),
    "renewal": EventKind("the interval between renewals changes", "months before", "months after"),
    "slot": EventKind("the length of visits changes", "minutes before", "minutes after"),
    "phone": EventKind("more or less is done by phone", "share before", "share after"),
    "list": EventKind("the list opens or closes", "share before", "share after"),
    "hours": EventKind("half-days change", "half-days before", "half-days after"),
    "collective": EventKind("time for collective work changes", "minutes a week before", "minutes a week after"),
    "effort": EventKind(
        "effort on prevention, follow-up, tests or prescribing changes", "effort before", "effort after"
    ),
    "message": EventKind("a message on what is paid arrives", "knowledge before", "knowledge after"),
    "shock": EventKind("an adverse event brings a physician back in charge"),
    "vote": EventKind("the team votes", "share of yes needed", "share of yes"),
    "join": EventKind("the team joins"),
    "leave": EventKind("the team leaves"),
    "sharing": EventKind("the rule by which money is shared changes"),
    "conflict": EventKind("a conflict over the split of the money", "conflict before", "conflict after"),
    "hire": EventKind("a post is opened, or taken up", "FTE before", "FTE after"),
    "post_closed": EventKind("a post is closed", "FTE before", "FTE after"),
    "departure": EventKind("somebody leaves the post"),
    "project": EventKind("a collective project begins or ends", "projects before", "projects after"),
    "leader": EventKind("the leader changes"),
    "profile": EventKind("the team meets what its contracts ask for in another way"),
    "software": EventKind("shared software is taken up, or dropped"),
    "desk": EventKind("a task is given to the secretaries"),
    "rule_change": EventKind("the payer changes a rule"),
    "control": EventKind("the payer looks at the team's practice"),
    "tie": EventKind("the tie with the hospital changes", "tie before", "tie after"),
}
"""Every kind by name."""

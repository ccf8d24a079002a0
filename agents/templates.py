"""Templates: the kinds of action of which a professional can ask what they change in the own income (behaviour 0)."""

from typing import Final

from agents.nurses import KINDS as NURSE_KINDS
from agents.tasks import TASKS

TEMPLATES: Final = (
    "visit", "kept_visit", "phone_contact", "registration", "handover", "collective_hour", "euro_saved",
    "prevention_act", "follow_up_7_days", "diabetes_test", "prescribing", "half_day", "nurse_post",
)  # fmt: skip
"""Knowledge of what an action pays is held, and told, by template: all hand-overs of tasks are one."""
N_TEMPLATES: Final = len(TEMPLATES)
(
    VISIT, KEPT_VISIT, PHONE_CONTACT, REGISTRATION, HANDOVER, COLLECTIVE_HOUR, EURO_SAVED,
    PREVENTION_ACT, FOLLOW_UP, DIABETES_TEST, PRESCRIBING, HALF_DAY, NURSE_POST,
) = range(N_TEMPLATES)  # fmt: skip
"""A visit; one that keeps a patient from going elsewhere; a contact by phone; a newly registered patient; a task done by
a nurse; an hour of collective work; one euro less of spending; a preventive act done; a contact within 7 days of a
discharge; a test of diabetics; an inappropriate drug stopped; a half-day more a week; a full-time nurse paid by the team."""

MESSENGERS: Final = ("team_peer", "peer_team", "coordinator", "consultant", "payer_in_person", "payer_document")
"""Who tells what a rule pays, in the order of the parameters of trust."""
N_MESSENGERS: Final = len(MESSENGERS)

EFFORTS: Final = ("prevention", "follow_up", "tests", "prescribing")
"""On what physicians can spend effort beyond the usual (behaviour D8b)."""
N_EFFORTS: Final = len(EFFORTS)
EFFORT_PREVENTION, EFFORT_FOLLOW_UP, EFFORT_TESTS, EFFORT_PRESCRIBING = range(N_EFFORTS)


def handover(task: int, kind: int) -> str:
    """Name of the quoted action: one event of a task handed over to a nurse of a kind."""
    return f"handover_{TASKS[task]}_{NURSE_KINDS[kind]}"

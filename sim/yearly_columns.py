"""What the calendar does to patients: a year ends, a quarter has passed."""

from agents.declarations import Table
from agents.patients import ALIVE, SPENDING
from sim.kernel import kernel
from sim.prefetch import SCANNED_AHEAD, fetch_row


@kernel
def begin_year(patients: Table, lo: int, hi: int) -> None:
    """Yearly columns of patients ``[lo, hi)`` start again; this year's spending becomes last year's."""
    for i in range(lo, hi):
        fetch_row(patients, i + SCANNED_AHEAD)
        p = patients[i]
        for category in range(len(SPENDING)):
            p.spend_prev[category] = p.spend[category]
            p.spend[category] = 0.0
        for priority in range(p.forgone_need.size):
            p.forgone_need[priority] = 0
        p.gp_contacts = 0
        p.diabetes_tests = 0
        p.ipa_quarters = 0
        p.drugs_quarter = 0


@kernel
def count_polymedication(patients: Table, least_drugs: int, lo: int, hi: int) -> None:
    """Count the quarter that has passed for every living patient who takes many drugs (systems 3.2, indicator 10)."""
    for i in range(lo, hi):
        fetch_row(patients, i + SCANNED_AHEAD)
        p = patients[i]
        if p.n_drugs >= least_drugs and p.flags & ALIVE:
            p.drugs_quarter += 1

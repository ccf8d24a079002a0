"""What physicians know of their own practice when they decide: last year's volumes, and who is on the list."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.patients import ALIVE, CHRONIC
from agents.templates import TEMPLATES
from sim.accounts import Accounts
from sim.world import World

type Numbers = NDArray[np.float64]

SPENT: Final = ("spend_drugs", "spend_specialist", "spend_lab")
"""Spending that the effort on prescribing and referral moves (behaviour D8b)."""
QUARTERS: Final = 4
LEAST_DRIFT: Final = 1e-9
NURSE_FOLLOW_UP: Final = slice(1, 6)
"""Tasks k01 to k05, by which a nurse follows a patient."""


@dataclass(frozen=True)
class PracticeFacts:
    """One number a physician, of a closed year.

    Attributes:
        patients: registered patients, at least 1.
        visits: own contacts.
        visits_of_patient: own contacts of a registered patient.
        volumes: usual units a year by template, ``(physicians, templates)``.
        covered: part of the own patients that each template bears on, ``(physicians, templates)``.
        prevention, follow_ups, tests: units of a year that effort could move.
        euros, drugs: the same of a registered patient.
        nurse_contacts: follow-up contacts with nurses, a chronic patient and year.
        followed_up: share of the discharges of the list that were followed by a contact within 7 days.
    """

    patients: Numbers
    visits: Numbers
    visits_of_patient: Numbers
    volumes: Numbers
    covered: Numbers
    prevention: Numbers
    follow_ups: Numbers
    tests: Numbers
    euros: Numbers
    drugs: Numbers
    nurse_contacts: Numbers
    followed_up: Numbers


def practice_facts(world: World, accounts: Accounts, year: int) -> PracticeFacts:
    """The facts of a closed year of the run, for every row of the physicians."""
    n = len(world.physicians)

    def of(name: str) -> Numbers:
        return np.asarray(accounts.array(name, year), dtype=np.float64)

    patients = np.maximum(1.0, of("registered_list"))
    visits, leaks = of("gp_contacts"), of("leaks")
    own = np.maximum(0.0, of("acts_of_list") - leaks)
    spent = np.sum([of(name) for name in SPENT], axis=0)
    by, events = world.dyads["physician"], world.dyads["handed"]
    handed = np.bincount(by, events.sum(axis=1, dtype=float), minlength=n)
    followed = np.bincount(by, events[:, NURSE_FOLLOW_UP].sum(axis=1, dtype=float), minlength=n)
    given = {
        "visit": visits, "kept_visit": leaks, "phone_contact": visits, "registration": patients,
        "handover": QUARTERS * handed, "collective_hour": of("hours_collective_physicians"), "euro_saved": spent,
        "prevention_act": of("prevention_done"), "follow_up_7_days": of("discharges"),
        "diabetes_test": of("hba1c_tests"), "prescribing": of("list_inappropriate_drug"),
        "half_day": world.physicians["half_days"], "nurse_post": np.ones(n),
    }  # fmt: skip
    bears_on = {
        "follow_up_7_days": "discharges", "diabetes_test": "list_diabetic", "prescribing": "list_inappropriate_drug",
        "prevention_act": "list_prevention_due",
    }  # fmt: skip
    parts = [np.minimum(1.0, of(bears_on[name]) / patients) if name in bears_on else np.ones(n) for name in TEMPLATES]
    return PracticeFacts(
        patients, visits, own / patients,
        volumes=np.stack([given[name] for name in TEMPLATES], axis=1).astype(np.float64),
        covered=np.stack(parts, axis=1),
        prevention=of("prevention_done"), follow_ups=of("discharges_seen_30"), tests=of("hba1c_tests"),
        euros=spent / patients, drugs=of("list_inappropriate_drug") / patients,
        nurse_contacts=QUARTERS * followed / np.maximum(1.0, chronic_patients(world)),
        followed_up=of("discharges_seen_7") / np.maximum(1.0, of("discharges")),
    )  # fmt: skip


def chronic_patients(world: World) -> Numbers:
    """Registered patients under chronic treatment of each physician."""
    gp = world.patients["registered_gp"][_chronic(world)]
    return np.bincount(gp, minlength=len(world.physicians)).astype(np.float64)


def usual_drift(world: World, stable_control: float) -> tuple[Numbers, Numbers]:
    """What control loses a week in the usual stable, and unstable, chronic patient of each physician.

    Medians of lognormal drifts, by their mean logarithm; that of all where a physician has no such patient.

    Args:
        world: the world.
        stable_control: mean control from which a patient is stable.
    """
    rows = np.flatnonzero(_chronic(world))
    conditions, control, drift, gp = (
        world.patients[name][rows] for name in ("conditions", "control", "drift", "registered_gp")
    )
    bits = np.unpackbits(conditions[:, None], axis=1, bitorder="little")[:, : control.shape[1]]
    mean = (control * bits).sum(axis=1) / np.maximum(1, bits.sum(axis=1)) / np.iinfo(np.uint16).max
    stable = mean >= stable_control
    log = np.log(np.maximum(drift.astype(np.float64), LEAST_DRIFT))
    return _usual(world, gp, log, stable), _usual(world, gp, log, ~stable)


def _usual(world: World, gp: NDArray[np.int32], log: Numbers, among: NDArray[np.bool_]) -> Numbers:
    n = len(world.physicians)
    count = np.bincount(gp[among], minlength=n)
    total = np.bincount(gp[among], log[among], minlength=n)
    usual = float(log[among].mean()) if among.any() else float(log.mean()) if len(log) else 0.0
    return np.exp(np.divide(total, count, out=np.full(n, usual), where=count > 0))


def _chronic(world: World) -> NDArray[np.bool_]:
    people = world.patients
    there = (people["flags"] & (ALIVE | CHRONIC)) == (ALIVE | CHRONIC)
    return np.asarray(there & (people["registered_gp"] >= 0))

"""Outcomes of change: what patients and professionals do otherwise once somebody decides (evidence D.2)."""

import numpy as np
from numpy.typing import NDArray

from agents.teams import HEALTH_CENTRE
from sim.outcomes.declaration import Model, Read, declare_ratios, outcome, ratio
from sim.outcomes.posts import in_post
from sim.payment.policy import Layer

declare_ratios((
    ("days_worked_per_gp", "days/year", "days worked by a GP", "V-13", "days", "physicians", 1.0),
    ("unplanned_stays_per_1000", "per 1,000", "hospital stays that passed through the emergency department", "V-21",
     "unplanned_stays_residents", "residents", 1000.0),
    ("polymedication_share_75", "share", "people from age 75 with ten drugs or more in three quarters", "V-21",
     "residents_75_polymedication", "residents_75", 1.0),
    ("inappropriate_drug_share_75", "share", "people from age 75 with an inappropriate drug", "V-21",
     "residents_75_inappropriate_drug", "residents_75", 1.0),
))  # fmt: skip


@outcome("delegated_share", "share", "tasks of the list that nurses do, among these and contacts with physicians",
         reference="behaviour B")  # fmt: skip
def delegated_share(model: Model, year: int) -> float:
    """Nurse tasks over nurse tasks and contacts with physicians, of registered patients."""
    nurses, physicians = (model.accounts.total(name, year) for name in ("handed_over", "acts_of_list"))
    return ratio(nurses, nurses + physicians)


@outcome("own_visits_per_registered", "visits/person/year", "visits of a registered patient to the own team",
         reference="V-06")  # fmt: skip
def own_visits_per_registered(model: Model, year: int) -> float:
    """Contacts of registered patients with physicians, less those bought outside the team."""
    accounts = model.accounts
    own = accounts.total("acts_of_list", year) - accounts.total("leaks", year)
    return ratio(own, accounts.total("registered_list", year))


@outcome("spending_per_listed", "EUR/patient/year", "insurer spending a registered patient", reference="V-16")
def spending_per_listed(model: Model, year: int) -> float:
    """Spending of registered patients, wherever it occurs, over their number."""
    return ratio(model.accounts.total("spend_all", year), model.accounts.total("registered_list", year))


@outcome("prevention_up_to_date", "share", "registered patients with no preventive act due", reference="V-08")
def prevention_up_to_date(model: Model, year: int) -> float:
    """Chance that a registered patient meets the preventive targets."""
    return 1 - ratio(model.accounts.total("list_prevention_due", year), model.accounts.total("registered_list", year))


@outcome("contacts_per_gp", "contacts/year", "contacts of a GP, by phone included", reference="V-13")
def contacts_per_gp(model: Model, year: int) -> float:
    """Contacts with physicians over physicians in post."""
    return ratio(model.accounts.total("gp_contacts", year), float(in_post(model).sum()))


def _under_substitution(model: Model, year: int) -> NDArray[np.bool_]:
    """Teams that a policy of substitution paid for a year."""
    if model.treasury is None:
        return np.zeros(len(model.world.teams), dtype=bool)
    return model.treasury.paid_by(Layer.SUBSTITUTION, year)


def _bonus(model: Model, year: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Add-on money of each team that is under an add-on policy, and its registered patients."""
    paid: dict[int, float] = {}
    treasury = model.treasury
    for _, statement in treasury.settled.get(year, ()) if treasury else ():
        if treasury is not None and treasury.layer_of(statement.system) is Layer.ADD_ON:
            for part in statement.components:
                if part.level == "team":
                    for team, cents in zip(part.payees.tolist(), part.cents.tolist(), strict=True):
                        paid[team] = paid.get(team, 0.0) + cents / 100
    rows = np.array(sorted(paid), dtype=np.int64)
    lists = np.asarray(model.accounts.array("registered_list", year, "team"), dtype=np.float64)
    return np.array([paid[row] for row in rows.tolist()]), lists[rows]


@outcome("bonus_teams_paid", "share", "teams under an add-on that are paid something, of all that are under one",
         reference="V-17")  # fmt: skip
def bonus_teams_paid(model: Model, year: int) -> float:
    """Share of teams with a bonus above 0."""
    paid, _ = _bonus(model, year)
    return ratio(float((paid > 0).sum()), float(len(paid)))


@outcome("bonus_per_listed", "EUR/patient/year", "add-on money a registered patient of the teams under an add-on",
         reference="V-17")  # fmt: skip
def bonus_per_listed(model: Model, year: int) -> float:
    """Mean bonus a patient."""
    paid, patients = _bonus(model, year)
    return ratio(float(paid.sum()), float(patients.sum()))


def _exits(*, salaried: bool) -> Read:
    def read(model: Model, year: int) -> float:
        ever = np.zeros(len(model.world.teams), dtype=bool)
        for past in range(1, year + 1):
            ever |= _under_substitution(model, past)
        ever &= (model.world.teams["kind"] == HEALTH_CENTRE) == salaried
        return ratio(float((ever & ~_under_substitution(model, year)).sum()), float(ever.sum()))

    return read


@outcome("exit_share_gap", "share", "exits from a lump sum in the place of fees, self-employed teams less salaried "
         "centres", reference="V-22")  # fmt: skip
def exit_share_gap(model: Model, year: int) -> float:
    """Difference of the two shares."""
    return _exits(salaried=False)(model, year) - _exits(salaried=True)(model, year)


for _salaried, _name, _who in ((False, "self_employed", "self-employed teams"), (True, "salaried", "salaried centres")):
    outcome(f"exit_share_{_name}", "share", f"{_who} that have left a lump sum in the place of fees, of those paid one",
            reference="V-22")(_exits(salaried=_salaried))  # fmt: skip

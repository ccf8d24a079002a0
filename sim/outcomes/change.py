"""Outcomes of change: what patients and professionals do otherwise once somebody decides (evidence D.2)."""

import numpy as np
from numpy.typing import NDArray

from agents.teams import HEALTH_CENTRE
from sim.outcomes.declaration import Model, Read, declare_ratios, outcome, ratio
from sim.outcomes.work import in_post
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
    teams = np.zeros(len(model.world.teams), dtype=bool)
    if model.treasury is None:
        return teams
    for _, statement in model.treasury.settled.get(year, ()):
        if model.treasury.layer_of(statement.system) is Layer.SUBSTITUTION:
            for part in statement.components:
                if part.level == "team":
                    teams[part.payees[part.cents != 0]] = True
    return teams


def _exits(*, salaried: bool) -> Read:
    def read(model: Model, year: int) -> float:
        ever = np.zeros(len(model.world.teams), dtype=bool)
        for past in range(1, year + 1):
            ever |= _under_substitution(model, past)
        ever &= (model.world.teams["kind"] == HEALTH_CENTRE) == salaried
        return ratio(float((ever & ~_under_substitution(model, year)).sum()), float(ever.sum()))

    return read


for _salaried, _name, _who in ((False, "self_employed", "self-employed teams"), (True, "salaried", "salaried centres")):
    outcome(f"exit_share_{_name}", "share", f"{_who} that have left a lump sum in the place of fees, of those paid one",
            reference="V-22")(_exits(salaried=_salaried))  # fmt: skip

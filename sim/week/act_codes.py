"""What a contact with a physician is billed as (systems 2.1)."""

import numpy as np

from agents.declarations import Row
from agents.patients import ACUTE, ALD
from sim.draws import chained, uniform
from sim.events import G_CHILD, HOME, IMT, LONG, NO_CODE, REGISTRATION, SNP, TECH, VL, G
from sim.kernel import kernel
from sim.week.claims import bill
from sim.week.prices import Prices
from sim.week.requests import AT_HOME, BY_PHONE
from sim.week.scene import Scene

CHILD = 6  # under this age, the fee of a child
VERY_OLD = 80  # from this age, the fees of a long consultation and of a very complex home visit (P-FEE-LONG, P-FEE-VL)


@kernel
def home_code(s: Scene, e: Row, key: np.uint64) -> int:
    """A visit at home, some of them very complex: to a very old patient, or one with a long-term illness."""
    complex_care = e.age >= VERY_OLD or e.flags & ALD
    return VL if complex_care and uniform(chained(key, np.uint64(6))) < s.par[0].service_complex_home_share else HOME


@kernel
def physician_code(s: Scene, e: Row, r: Row, chronic: bool, key: np.uint64) -> int:
    """The act that the contact is billed as.

    Codes that came later are told apart in every year: before their day, the tariff says what they are worth.
    """
    q = s.par[0]
    if r.marks & BY_PHONE:
        return NO_CODE
    if r.marks & AT_HOME:
        return home_code(s, e, key)
    if e.age < CHILD:
        return G_CHILD
    if chronic and uniform(chained(key, np.uint64(3))) < q.service_technical_share:
        return TECH
    if chronic and e.age >= VERY_OLD and uniform(chained(key, np.uint64(7))) < q.service_long_share:
        return LONG
    at_once = r.need == ACUTE and r.since == s.week and e.registered_team != e.provider_team
    if at_once and uniform(chained(key, np.uint64(8))) < q.service_regulated_share:
        return SNP
    return G


@kernel
def bill_registration(s: Scene, e: Row, price: Prices, key: np.uint64) -> None:
    """The consultation at which a patient with a long-term illness is registered has a fee of its own."""
    first = e.code == G and e.marks & REGISTRATION and e.flags & ALD
    if first and uniform(chained(key, np.uint64(9))) < s.par[0].service_registration_fee_share:
        bill(e, IMT, 1, price.fees[e.day, IMT])

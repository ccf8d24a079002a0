"""Quotes of a small town that has really lived, and offers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO

import numpy as np
import pytest

from agents.nurses import PATHWAY
from agents.tasks import K16
from agents.templates import TEMPLATES, handover
from scenarios.norms.invented import invented_norms
from sim.account_files import load_years, save_years
from sim.model import CareModel, prepared
from sim.payment.contract import contract_of
from sim.people_counted import PeopleCount
from sim.quotes.patient_footprints import TriesOnPatients
from sim.quotes.quoting import PersonQuotes, asked_of, offer_of, quotes_of
from sim.world import World
from tests.paid_run import LILAS, paid_model, paid_town
from tests.sim.quotes.own_rule import NAME

OWN = "tests.sim.quotes.own_rule:SocialRights"
FEES = ["fee_for_service", "list_lump_sums", "rosp"]


@cache
def lived() -> CareModel:
    """The paid town after a year, its patients tried when the year closed."""
    model = paid_model(replace(paid_town(), decisions=False))
    close = model.accounts.close_year

    def close_with_tries(world: World, year: int | None = None, also: Sequence[PeopleCount] = ()) -> int:
        return close(world, year, [*also, TriesOnPatients(world, model.accounts.measures)])

    model.accounts.close_year = close_with_tries  # type: ignore[method-assign]
    model.run_year()
    return model


@cache
def asked() -> PersonQuotes:
    model = lived()
    assert model.treasury
    return quotes_of(model.treasury, model.world, model.accounts, 2)


def of_team(model: CareModel, name: str) -> np.ndarray:
    return model.world.physicians["team"] == model.world.names.index(name)


def test_everybody_has_a_quote_of_every_action() -> None:
    quotes, world = asked(), lived().world
    assert set(TEMPLATES) - {"handover"} <= set(quotes.physicians)
    assert handover(K16, PATHWAY) in quotes.physicians
    for of_level, table in ((quotes.physicians, world.physicians), (quotes.nurses, world.nurses)):
        for quote in of_level.values():
            assert all(values.shape == (len(table),) and np.isfinite(values).all() for values in quote)
            assert ((quote.chance >= 0) & (quote.chance <= 1)).all()
            assert (quote.lag_years >= 0).all()


def test_a_self_employed_physician_is_paid_the_fee_of_a_visit_at_once() -> None:
    model = lived()
    assert model.treasury
    alone = ~of_team(model, "lilas") & ~of_team(model, "centre")
    fee = model.accounts.footprint("visit", "fees", 1)
    np.testing.assert_allclose(asked().physicians["visit"].direct[alone], fee[alone], rtol=2e-3)
    assert not asked().physicians["visit"].settled[of_team(model, "centre")].any()


def test_handing_a_renewal_over_costs_the_fee_that_freed_time_does_not_bring_back() -> None:
    model = lived()
    alone = ~of_team(model, "lilas") & ~of_team(model, "centre")
    quotes = asked().physicians
    lost = quotes["handover_k01_advanced_practice"].direct[alone] / quotes["visit"].direct[alone]
    more = float(model.world.teams["more_patients"][0])
    assert lost == pytest.approx(-0.85 + 10.11 / 17 * more, abs=0.01)


def test_expected_incomes_are_near_those_of_last_year() -> None:
    model = lived()
    assert model.treasury
    was = model.treasury.income_of("physician", len(model.world.physicians), 1)
    np.testing.assert_allclose(asked().incomes.physicians.mean, was, rtol=0.05)


def test_what_is_noted_of_patients_is_kept_in_a_file_of_accounts() -> None:
    model = lived()
    assert model.treasury
    file = BytesIO()
    save_years(model.accounts, file)
    other = model.accounts.fork()
    other.years = {}
    file.seek(0)
    load_years(other, file)
    again = quotes_of(model.treasury, model.world, other, 2)
    for name, quote in asked().physicians.items():
        assert all(one.tobytes() == two.tobytes() for one, two in zip(quote, again.physicians[name], strict=True)), name


def test_an_offer_is_compared_on_the_same_year() -> None:
    model = lived()
    assert model.treasury
    team = model.world.names.index("lilas")
    start = date(2022, 1, 1)
    other = contract_of(["fee_for_service", "list_lump_sums"], {}, start)
    offer = offer_of(model.treasury, model.world, model.accounts, 2, team, other, "equal")
    physicians = offer.present.level == 0
    assert physicians.sum() == LILAS.physicians
    usual = asked().incomes.physicians.mean[offer.present.row[physicians]]
    np.testing.assert_allclose(offer.present.mean[physicians], usual, atol=1e-4)
    assert (offer.offered.direct > offer.present.direct)[physicians].all(), "visits go back to the own account"


def test_only_rules_that_an_offer_changes_are_settled_again() -> None:
    model = lived()
    assert model.treasury
    group = next(one for one in model.treasury.groups if {p.name for p in one.contract.policies} == {*FEES})
    known = model.treasury, model.world, model.accounts, 2, group
    present = asked_of(*known)
    present.settle_base()
    other = contract_of(FEES, {"rosp": {"point": 20.0}}, date(2022, 1, 1))
    alone, offered = asked_of(*known, other), asked_of(*known, other, like=present)
    for one in (alone, offered):
        one.settle_base()
    again = {name for name, statement in offered.statements.items() if statement is not present.statements[name]}
    assert again == {"rosp"}
    assert offered.trace == alone.trace
    assert offered.income().income.tolist() == alone.income().income.tolist()
    assert offered.income().income.sum() > present.income().income.sum()


def test_a_rule_of_ones_own_on_a_task_that_nobody_has_done_is_felt() -> None:
    found = {}
    for amount in (0.0, 12.0, 48.0, -12.0):
        spec = replace(
            paid_town(), decisions=False, default_contract=[*FEES, OWN], teams={}, reform={OWN: {"amount": amount}}
        )
        model = prepared(spec, norms=invented_norms())
        assert model.treasury
        assert not model.accounts.array(NAME, 0).any()
        found[amount] = quotes_of(model.treasury, model.world, model.accounts, 1).physicians
    name = handover(K16, PATHWAY)
    self_employed = found[0.0]["visit"].direct > 0
    change = {amount: (found[amount][name].direct - found[0.0][name].direct)[self_employed] for amount in found}
    assert change[12.0] == pytest.approx(12, abs=0.01)
    assert change[48.0] == pytest.approx(48, abs=0.01)
    assert change[-12.0] == pytest.approx(-12, abs=0.01)
    other = handover(1, 2)
    assert found[48.0][other].direct.tobytes() == found[0.0][other].direct.tobytes()

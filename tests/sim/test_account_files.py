"""Closed years survive a file."""

from pathlib import Path

import pytest

from sim.account_files import load_years, save_years
from sim.accounts import Accounts
from tests.invented_lines import accounting_world, invented_lines


def test_closed_years_survive_a_file(tmp_path: Path) -> None:
    world = accounting_world()
    accounts = Accounts(world)
    accounts.add(invented_lines(world, 2_000), world)
    accounts.close_year(world, 0)
    save_years(accounts, tmp_path / "years.npz")
    again = Accounts(world)
    load_years(again, tmp_path / "years.npz")
    assert again.frame(0).equals(accounts.frame(0))
    assert again.frame(0, "commune").equals(accounts.frame(0, "commune"))
    assert again.footprints("visit", 0, "team").equals(accounts.footprints("visit", 0, "team"))
    assert again.year(0).facts == accounts.year(0).facts


def test_other_actions_are_refused(tmp_path: Path) -> None:
    world = accounting_world()
    save_years(Accounts(world), tmp_path / "years.npz")
    other = Accounts(world, actions={})
    with pytest.raises(ValueError, match="other actions"):
        load_years(other, tmp_path / "years.npz")
    assert other.years == {}

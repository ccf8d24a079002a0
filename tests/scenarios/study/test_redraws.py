"""Studies that redraw chance after the fork: one world, many lucks (a toy laboratory, and one real town)."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from scenarios.study import Study
from scenarios.study.forking import applied
from sim.specification import ScenarioSpec
from tests.paid_run import paid_model, paid_town
from tests.scenarios.toy_laboratory import PREPARED_LOG, TOY

VILLAGE = ScenarioSpec(name="village", seed=40)


def study(redraws: bool, seed: int = 40) -> Study:
    return Study([replace(VILLAGE, seed=seed)], {"now": [], "more": ["toy.drift=3"]}, ["state"], range(1, 5), years=2,
                 laboratory=TOY, redraws=redraws)  # fmt: skip


def test_one_world_is_warmed_up_and_every_seed_goes_on_from_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREPARED_LOG, str(tmp_path / "log"))
    table = study(redraws=True).run(tmp_path / "kept")
    assert (tmp_path / "log").read_text().splitlines() == ["village 40"]
    start = table[table["year"] == 1].pivot_table(index="seed", columns="arm", values="state")
    assert (start["more"] - start["now"]).to_numpy() == pytest.approx(2.0), "arms of a seed share its luck"
    assert start["now"].nunique() == len(start), "seeds differ by luck"
    assert start["now"].between(141, 142).all(), "a toy world starts at 100 and the seed that it was founded with"


def test_what_was_run_is_known_again_and_the_founding_seed_is_part_of_the_key(tmp_path: Path) -> None:
    first = study(redraws=True).run(tmp_path / "kept")
    assert_frame_equal(first, study(redraws=True).run(tmp_path / "kept"))
    keys = [
        set(study(redraws, seed).points["point"].to_pylist()) for redraws, seed in ((True, 40), (True, 41), (False, 40))
    ]
    assert not keys[0] & keys[1], "another world"
    assert not keys[0] & keys[2], "other draws"
    assert keys[2] == set(study(redraws=False, seed=41).points["point"].to_pylist()), "its own seed replaces it"


def test_a_town_under_other_luck_keeps_its_people_and_its_past() -> None:
    base = paid_town()
    warm = paid_model()
    same = warm.fork(base, applied(warm.world.fork(), base, base))
    other = warm.fork(base, applied(warm.world.fork(), base, replace(base, seed=77)))
    np.testing.assert_array_equal(same.world.patients["who"], other.world.patients["who"])
    for model in (same, other):
        model.run_year()
    plain = warm.fork()
    plain.run_year()
    spent = [model.accounts.array("spend_all", 1, "team") for model in (plain, same, other)]
    np.testing.assert_array_equal(spent[0], spent[1])
    past = [model.accounts.array("spend_all", 0, "team") for model in (plain, other)]
    np.testing.assert_array_equal(past[0], past[1])
    lists = [model.accounts.array("registered_list", 1, "team") for model in (plain, other)]
    large = lists[0] > 500  # lists that a year of other births and moves hardly changes
    assert large.any()
    np.testing.assert_allclose(lists[1][large], lists[0][large], rtol=0.05)
    assert (spent[0][large] != spent[2][large]).all()

"""The Mesa view: one number a reporter from the columns, and physicians' columns by agent."""

from typing import Any

import mesa
import numpy as np
import pytest

from agents.mistakes import Mistake
from sim.collector import MODEL_REPORTERS, PHYSICIAN_COLUMNS, collector
from tests.invented import invented_world, pass_week


class Physician(mesa.Agent):
    """A view of one row, like the model's own."""

    def __init__(self, model: "Stub", row: int) -> None:
        super().__init__(model)
        self.row = row

    def __getattr__(self, name: str) -> Any:
        return self.model.world.physicians[name][self.row]


class Stub(mesa.Model):
    """A model that has a world and physicians."""

    def __init__(self, physicians: bool = True) -> None:
        super().__init__(rng=1)
        self.world = invented_world()
        self.draws = np.random.default_rng(1)
        if physicians:
            for row in range(len(self.world.physicians)):
                Physician(self, row)

    def step(self) -> None:
        pass_week(self.world, self.draws)


def test_collects_the_columns_of_each_week() -> None:
    model = Stub()
    found = collector(model)
    contacts = []
    for _ in range(3):
        model.step()
        found.collect(model)
        contacts.append(float(model.world.physicians["contacts"].sum()))
    weeks = found.get_model_vars_dataframe()
    assert weeks["gp_contacts"].tolist() == contacts
    assert weeks["week"].tolist() == [52, 53, 54]
    assert (weeks["people"] == 3_000).all()
    rows = found.get_agenttype_vars_dataframe(Physician)
    assert list(rows.columns) == list(PHYSICIAN_COLUMNS)
    assert rows["contacts"].groupby("Step").sum().size == 3 or len(rows) == 3 * 18
    assert rows["contacts"].to_numpy()[-18:].sum() == contacts[-1]


def test_names_of_the_model_and_of_agents_differ() -> None:
    assert not set(MODEL_REPORTERS) & set(PHYSICIAN_COLUMNS)


def test_a_model_without_physicians_is_a_mistake() -> None:
    with pytest.raises(Mistake, match="no agents of a class Physician; it has none"):
        collector(Stub(physicians=False))


def test_the_wait_is_that_of_physicians_in_post() -> None:
    model = Stub()
    physicians = model.world.physicians
    physicians["vacant_until"][1:] = 2**30
    physicians["posted_wait_days"][1:] = 90.0
    assert MODEL_REPORTERS["mean_wait_days"](model) == pytest.approx(physicians["posted_wait_days"][0])
    physicians["vacant_until"] = 2**30
    assert np.isnan(MODEL_REPORTERS["mean_wait_days"](model))

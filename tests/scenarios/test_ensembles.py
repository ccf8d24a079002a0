"""Ensembles of parameters."""

import numpy as np
import pytest

from agents.mistakes import Mistake
from scenarios.ensembles import uncertain, vectors
from sim.parameters import Parameter, all_parameters, check_override


def made(name: str, low: float, high: float, value: float | list[float] = 0.5, **facts: object) -> Parameter:
    given = {"label": "assumption", "source": "behaviour", "unit": "share", "title": name} | facts
    return Parameter(id=f"toy.{name}", value=value, low=low, high=high, **given)  # type: ignore[arg-type]


KNOWN = {
    p.id: p
    for p in (
        made("share", 0.0, 1.0), made("sure", 0.0, 1.0, label="official"), made("table", 0.0, 1.0, [0.1, 0.2]),
        made("fitted", 0.0, 1.0, calibrated=True), made("rows", 1, 9, 3, source="bookkeeping"),
        made("point", 1.0, 1.0), made("count", 1, 4, 2),
    )
}  # fmt: skip


def ids(*names: str, given: frozenset[str] = frozenset()) -> list[str]:
    return [p.id for p in uncertain(names, KNOWN, given)]


def test_what_is_uncertain_is_drawn_unless_somebody_sets_it() -> None:
    assert ids() == ["toy.share", "toy.count"]
    assert ids(given=frozenset({"toy.share"})) == ["toy.count"]
    assert ids("toy.sure") == ["toy.sure"], "who names a parameter gets it"
    assert ids("toy") == ["toy.share", "toy.sure", "toy.fitted", "toy.rows", "toy.count"]
    assert ids("toy.s*") == ["toy.share", "toy.sure"]


def test_a_latin_hypercube_has_one_value_in_every_part_of_every_range() -> None:
    drawn = vectors(uncertain(("toy.share", "toy.fitted"), KNOWN), 20)
    for name in ("toy.share", "toy.fitted"):
        parts = np.floor(np.array([vector[name] for vector in drawn]) * 20)
        assert sorted(parts.tolist()) == list(range(20))
    assert vectors(uncertain((), KNOWN), 5) == vectors(uncertain((), KNOWN), 5)
    assert vectors(uncertain((), KNOWN), 5) != vectors(uncertain((), KNOWN), 5, seed=1)


def test_counts_stay_whole_and_reach_both_ends() -> None:
    values = {vector["toy.count"] for vector in vectors(uncertain(("toy.count",), KNOWN), 40)}
    assert values == {1.0, 2.0, 3.0, 4.0}


def test_every_draw_of_the_model_s_parameters_is_allowed() -> None:
    for vector in vectors(uncertain(), 3):
        assert len(vector) > 100
        for name, value in vector.items():
            check_override(name, value)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("toy.shar",), '"toy.shar" is not known. Did you mean "toy.share"'),
        (("toy.table",), "cannot be drawn"),
        (("toy.point",), "cannot be drawn"),
        (("toy.share",), "set by the scenario or by an arm"),
    ],
)
def test_what_cannot_be_drawn_is_refused(names: tuple[str, ...], message: str) -> None:
    given = frozenset({"toy.share"}) if "set by" in message else frozenset[str]()
    with pytest.raises(Mistake, match=message):
        uncertain(names, KNOWN, given)


def test_parameters_that_are_sure_are_not_drawn_from_the_real_files() -> None:
    names = {p.id for p in uncertain()}
    assert not names & {p.id for p in all_parameters().values() if p.calibrated or p.label == "official"}

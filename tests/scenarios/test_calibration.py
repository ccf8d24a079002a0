"""The calibration script: the search on a known curve, and values written without touching anything else."""

import math
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from agents.mistakes import Mistake
from scenarios.calibration import FILE, Fit, read_fits, write, written
from scenarios.patterns import Pattern, read_patterns
from scenarios.patterns.validation import SHIPPED
from sim.outcomes import OUTCOMES
from sim.parameters import Parameter, all_parameters

RATE = Parameter(
    id="needs.rate", value=2.0, unit="a year", low=0.5, high=9.0, label="assumption", source="-", title="Rate"
)
TARGET = Pattern(
    id="V", title="Visits", number=5.0, band=(4.0, 6.0), outcome=("visits",), statistic="level", source="-"
)

TEXT = """# Needs.
[rate] # of visits
value = 2.0  # before
range = [0.5, 9]

# ----- tables
[table]
value = [
    [1, 2], # first
    [3, 4],
]
unit = "x"
calibrated = true
"""


@pytest.mark.parametrize("guess", [0.3, 0.8, 3.0])
def test_a_scale_finds_its_target_though_the_guess_is_wrong(guess: float) -> None:
    fit = Fit(RATE, TARGET, "scale", guess)
    for _ in range(25):
        if fit.learn(1.3 * fit.value**0.8):
            break
    assert 1.3 * fit.value**0.8 == pytest.approx(5.0, abs=0.2)


def test_a_shift_finds_its_target() -> None:
    fit = Fit(RATE, TARGET, "shift", -0.5)
    for _ in range(25):
        if fit.learn(9.0 - 1.1 * fit.value):
            break
    assert 9.0 - 1.1 * fit.value == pytest.approx(5.0, abs=0.2)


def test_a_value_never_leaves_its_range() -> None:
    fit = Fit(RATE, TARGET, "scale", 1.0)
    for _ in range(20):
        fit.learn(0.01)
    assert fit.value == RATE.high


def test_the_target_is_the_number_or_the_middle_of_the_band() -> None:
    assert Fit(RATE, TARGET, "scale", 1.0).target == 5.0
    assert Fit(RATE, replace(TARGET, number="some", band=(4.0, 8.0)), "scale", 1.0).target == 6.0


def test_a_number_is_written_and_the_rest_stays() -> None:
    text = written(TEXT.replace("[rate] # of visits", "[rate]"), "rate", math.pi)
    assert "value = 3.142  # before\ncalibrated = true\nrange" in text
    assert text.startswith("# Needs.\n[rate]\n")
    assert text.endswith(TEXT[TEXT.index("# ----- tables") :])


def test_a_table_is_written_over_its_lines() -> None:
    values = tomllib.loads(written(TEXT, "table", [[1.5, 0.00001234], [3.0, 4.0]]))["table"]
    assert values == {"value": [[1.5, 1.234e-05], [3.0, 4.0]], "unit": "x", "calibrated": True}


def test_a_parameter_that_is_not_there_is_refused() -> None:
    with pytest.raises(Mistake, match='"rates" has no value'):
        written(TEXT, "rates", 1.0)


def test_values_go_into_the_file_of_their_group(tmp_path: Path) -> None:
    (tmp_path / "needs.toml").write_text("[rate]\nvalue = 2.0\n")
    fit = Fit(RATE, TARGET, "scale", 1.0, at=math.log(1.5))
    write([fit], tmp_path)
    assert tomllib.loads((tmp_path / "needs.toml").read_text())["rate"]["value"] == 3.0


def test_what_is_declared_is_checked(tmp_path: Path) -> None:
    known = next(iter(all_parameters()))
    file = tmp_path / "fits.toml"
    entry = f'[[fit]]\nparameter = "{known}"\npattern = "V"\nmove = "scale"\neffect = 0.5\n'
    file.write_text(entry)
    assert [fit.parameter.id for fit in read_fits(file, [TARGET])] == [known]
    file.write_text(entry.replace('"scale"', '"stretch"'))
    with pytest.raises(Mistake, match='"stretch" is not known'):
        read_fits(file, [TARGET])


def test_the_shipped_list_moves_what_is_marked_as_calibrated_and_nothing_else() -> None:
    fits = read_fits(FILE, read_patterns(SHIPPED / "calibration.toml", OUTCOMES))
    assert {fit.parameter.id for fit in fits} == {p.id for p in all_parameters().values() if p.calibrated}
    assert len({fit.pattern.id for fit in fits}) == len(fits), "one parameter a target"
    assert all(fit.effect != 0 for fit in fits)

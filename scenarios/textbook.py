"""What the simple model would have said: the same stack of rules with and without what tells care from a textbook.

Without the professional norm, the relay of information and overload, everybody knows every amount, takes each euro for
a euro, and is never tired: capitation lowers visits, and a bonus is chased. One study runs both models on one set of
worlds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from results.intervals import paired
from scenarios.origins import made_by
from scenarios.patterns.declaration import read_patterns
from scenarios.patterns.validation import shipped
from scenarios.reading import load
from scenarios.study import CARETEAMS, WORK, Laboratory, Study, Workers
from sim.specification import ScenarioSpec

FULL, SIMPLE = "full", "simple"
USUAL, FEES, CAPITATION, BONUS = "usual", "fees", "capitation", "bonus"
CONTROLS: Final = {CAPITATION: FEES, BONUS: USUAL}
"""What each payment is compared with: without the pay for objectives that capitation leaves out, or with it."""
WITHOUT: Final = ('mechanisms.norm_gate="off"', 'mechanisms.relay="full"', 'mechanisms.overload="off"')
"""What the simple model leaves out (M04, M03, M12)."""
VISITS, EFFORT, TARGETS = "own_visits_per_registered", "effort_prevention", "prevention_up_to_date"
READ: Final = ((CAPITATION, VISITS), (BONUS, EFFORT), (BONUS, TARGETS))
"""What is read of each payment: what it makes dear; the effort that it calls for, and what it pays for."""
SEEDS: Final = 10
YEARS: Final = 5


@dataclass(frozen=True)
class Told:
    """What both models say.

    Attributes:
        effects: ``payment, outcome, model, year`` and the effect against what it is compared with in the same model and
            worlds: ``mean, low, high``; of visits as a ratio less 1, of effort and targets as a difference of shares.
        runs: the tidy table behind them.
        provenance: what the numbers come from.
    """

    effects: pd.DataFrame
    runs: pd.DataFrame
    provenance: dict[str, Any]


def arms() -> Mapping[str, Sequence[str]]:
    """Every payment under both models: those of the patterns V-06 and V-18, the bonus at its full size."""
    known = {pattern.id: pattern.arms for pattern in read_patterns(shipped("decisions"), CARETEAMS.outcomes())}
    weak = known["V-18"]["bonus"]
    payments = {
        USUAL: known["V-18"]["without"],
        FEES: known["V-06"]["fees"],
        CAPITATION: known["V-06"]["capitation"],
        BONUS: [part for part in weak if "bonus_share" not in part],
    }
    models = {FULL: (), SIMPLE: WITHOUT}
    return {f"{model}-{pay}": [*parts, *more] for model, more in models.items() for pay, parts in payments.items()}


def told(
    scenario: ScenarioSpec | None = None, *, seeds: int = SEEDS, years: int = YEARS, workers: Workers = 1,
    folder: Path | None = WORK, progress: bool = False, laboratory: Laboratory = CARETEAMS,
) -> Told:  # fmt: skip
    """Run both models, or read what was run before.

    Args:
        scenario: whose people and places; the calibration baseline by default.
        seeds: worlds.
        years: years after the warm-up.
        workers: who runs it: processes of this machine, or an engine.
        folder: where studies are kept, so that a stopped one can go on; None keeps nothing.
        progress: show a progress bar.
        laboratory: how models are made.
    """
    base = scenario or load("baseline")
    study = Study(
        territories=[base], arms=arms(), outcomes=tuple(outcome for _, outcome in READ), seeds=range(1, seeds + 1),
        years=years, laboratory=laboratory,
    )  # fmt: skip
    table = study.run(study.kept_in(folder), workers=workers, progress=progress)
    facts = {**made_by(study.design(), base), "scenario": base.name, "seeds": list(range(1, seeds + 1)),
             "years": years}  # fmt: skip
    return Told(effects(table), table, facts)


def effects(table: pd.DataFrame) -> pd.DataFrame:
    """Paired effects of each payment, by model and year; failed runs are left out with their pairs.

    Args:
        table: the tidy table of the study.
    """
    kept = table[table["stage"] == ""]
    rows = []
    for payment, outcome in READ:
        wide = kept.pivot_table(index=["year", "seed"], columns="arm", values=outcome)
        for model in (FULL, SIMPLE):
            pairs = wide[[f"{model}-{payment}", f"{model}-{CONTROLS[payment]}"]].dropna()
            with_it, without = (pairs[column] for column in pairs)
            change = with_it / without - 1 if outcome == VISITS else with_it - without
            for year, values in change.groupby(level="year"):
                found = paired(values.to_numpy(float))
                rows.append({"payment": payment, "outcome": outcome, "model": model, "year": year, "mean": found.mean,
                             "low": found.low, "high": found.high, "worlds": len(values)})  # fmt: skip
    return pd.DataFrame(rows)

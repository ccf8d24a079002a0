"""Outcomes of what physicians decide: each habit that a payment can move, its mean over GPs in post.

What a habit is called, in what it is counted and whence it comes is what its column says.
"""

from typing import Final

from agents.physicians import COLUMNS
from agents.templates import EFFORTS
from sim.outcomes.declaration import Model, Read, outcome
from sim.outcomes.posts import in_post, mean_of

HABITS: Final = (
    "half_days", "renewal_interval_months", "renewal_interval_unstable", "slot_acute", "slot_chronic", "phone_share",
    "list_open", "collective_minutes",
)  # fmt: skip
"""Columns of physicians that hold one number a lever of behaviour D3 to D8."""


def _mean_habit(column: str, place: int | None = None) -> Read:
    def read(model: Model, _year: int) -> float:
        held = model.world.physicians[column]
        return mean_of(held if place is None else held[:, place], in_post(model))

    return read


_COLUMNS = {column.name: column for column in COLUMNS}
for _name in HABITS:
    _column = _COLUMNS[_name]
    outcome(f"mean_{_name}", _column.unit, f"{_column.label}, mean of GPs", reference=_column.source)(
        _mean_habit(_name)
    )
for _place, _subject in enumerate(EFFORTS):
    outcome(f"effort_{_subject}", "share", f"effort on {_subject.replace('_', ' ')}, mean of GPs",
            reference=_COLUMNS["effort"].source)(_mean_habit("effort", _place))  # fmt: skip

"""The calibration of the world on its first list of targets: ``python -m scenarios.calibration``.

Each declared parameter (``calibration.toml``) has one target of the calibration group. In every round the study engine
runs the world under the present values, with common seeds; each parameter then moves by part of what would close its
gap, given its effect, and stays within the range of its file. The effect starts from a declared guess and follows the
secant between rounds. It is a damped fixed-point iteration: simple, and easy to follow in the printed table. Targets
that no parameter is given stay free; they, and those that are missed, are shown with the others.

With ``--write`` the values are put into the parameter files, whose comments stay as they are.
"""

import argparse
import math
import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from agents.mistakes import Mistake
from results.messages import rendered
from scenarios.patterns.declaration import Pattern, read_patterns
from scenarios.patterns.judgement import Judgement
from scenarios.patterns.validation import SHIPPED, WORK, as_text, run_patterns
from scenarios.study import CARETEAMS
from scenarios.wording import with_nearest
from sim.parameters import FOLDER, Parameter, all_parameters

FILE: Final = Path(__file__).parent / "calibration.toml"
DAMPING: Final = 0.7
TOLERANCE: Final = 0.1
"""Gap to the target, as a part of the width of the band, at which a parameter is left where it is."""
LARGEST_STEP: Final = 0.4
"""Largest move of a scale in one round (log), or of a shift as a part of the parameter's range."""
EFFECT_BOUNDS: Final = (0.25, 4.0)
"""How far the secant may take the size of an effect from its first guess."""
DIGITS: Final = 4
MOVES: Final = ("scale", "shift")


@dataclass(slots=True)
class Fit:
    """One parameter on its way to its target; ``at`` is a log scale or a shift, 0 at the value of the file."""

    parameter: Parameter
    pattern: Pattern
    move: str
    effect: float
    at: float = 0.0
    past: list[tuple[float, float]] = field(default_factory=list)

    @property
    def value(self) -> Any:
        """The present value, within the range of the parameter."""
        start = np.asarray(self.parameter.value, float)
        moved = start * math.exp(self.at) if self.move == "scale" else start + self.at
        kept: Any = np.clip(moved, self.parameter.low, self.parameter.high).tolist()
        return kept

    @property
    def target(self) -> float:
        """The number in the evidence, or the middle of its band."""
        number = self.pattern.number
        return sum(self.pattern.band) / 2 if isinstance(number, str) else number

    def learn(self, observed: float) -> bool:
        """Move by what a round has shown; True when the target is near enough."""
        low, high = self.pattern.band
        seen, wanted = (observed, self.target) if self.move == "shift" else (math.log(observed), math.log(self.target))
        self._follow_secant(seen)
        self.past.append((self.at, seen))
        if abs(observed - self.target) <= TOLERANCE * (high - low):
            return True
        most = LARGEST_STEP if self.move == "scale" else LARGEST_STEP * (self.parameter.high - self.parameter.low)
        self.at += float(np.clip(DAMPING * (wanted - seen) / self.effect, -most, most))
        return False

    def _follow_secant(self, seen: float) -> None:
        """Correct the size of the effect by the last two rounds; the declared sign stays."""
        if not self.past or math.isclose(self.at, self.past[-1][0], abs_tol=1e-6):
            return
        at, before = self.past[-1]
        slope = (seen - before) / (self.at - at) / self.effect
        self.effect *= float(np.clip(slope, *EFFECT_BOUNDS))


def read_fits(path: Path, patterns: Sequence[Pattern]) -> list[Fit]:
    """The declared parameters and their targets.

    Raises:
        Mistake: for a parameter, pattern or move that does not exist.
    """
    by_id, known = {p.id: p for p in patterns}, all_parameters()
    fits = []
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("fit", []):
        named = ((entry["parameter"], known), (entry["pattern"], by_id), (entry["move"], MOVES))
        for name, choices in named:
            if name not in choices:
                raise with_nearest(Mistake('{file}: "{name}" is not known.', file=path, name=name), name, choices)
        fits.append(Fit(known[entry["parameter"]], by_id[entry["pattern"]], entry["move"], float(entry["effect"])))
    return fits


def calibrated(
    fits: Sequence[Fit], patterns: Sequence[Pattern], *, rounds: int, workers: int | None, folder: Path | None = WORK
) -> list[Judgement]:
    """Run rounds until every fitted target is near enough, and return the last judgements of all patterns."""
    judgements: list[Judgement] = []
    for turn in range(1, rounds + 1):
        vector = {fit.parameter.id: fit.value for fit in fits}
        judgements = run_patterns(patterns, workers=workers, folder=folder, progress=True, vector=vector)
        means = {j.pattern.id: j.mean for j in judgements}
        print(f"round {turn}")
        for fit in fits:
            gap = (means[fit.pattern.id] - fit.target) / (fit.pattern.band[1] - fit.pattern.band[0])
            print(f"  {fit.parameter.id:32} {_short(fit.value):28} {fit.pattern.id:28} "
                  f"{means[fit.pattern.id]:10.4g} for {fit.target:g}  gap {gap:+.2f} band")  # fmt: skip
        if turn == rounds:
            break
        arrived = [fit.learn(means[fit.pattern.id]) for fit in fits]
        if all(arrived):
            break
    return judgements


def written(text: str, name: str, value: Any) -> str:
    """The text of a parameter file with a new value in the table of a parameter, marked as calibrated.

    Everything else, comments included, stays byte for byte.

    Raises:
        Mistake: when the table or its value is not there.
    """
    table = re.search(rf"^\[{re.escape(name)}\][^\n]*$.*?(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL)
    old = table and re.search(r"^value\s*=\s*", table[0], re.MULTILINE)
    if table is None or old is None:
        raise Mistake('parameter "{key}" has no value in its file.', key=name)
    end = _end_of_value(table[0], old.end())
    body = table[0][: old.end()] + _short(value) + table[0][end:]
    if not re.search(r"^calibrated\s*=", body, re.MULTILINE):
        line_end = body.index("\n", old.end() + len(_short(value)))
        body = body[: line_end + 1] + "calibrated = true\n" + body[line_end + 1 :]
    return text[: table.start()] + body + text[table.end() :]


def _end_of_value(text: str, start: int) -> int:
    """Where a TOML number or nested list that begins at ``start`` ends."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"[": 1, "]": -1}.get(text[place], 0)
        if depth == 0 and text[place] == "]":
            return place + 1
        if depth == 0 and text[place] in " #\n":
            return place
    return len(text)


def _short(value: Any) -> str:
    """A number or nested list with few digits, as TOML."""
    if isinstance(value, list):
        return "[" + ", ".join(map(_short, value)) + "]"
    text = f"{value:.{DIGITS}g}"
    return text if "e" not in text else repr(float(text))


def write(fits: Sequence[Fit], folder: Path = FOLDER) -> None:
    """Put the fitted values into the parameter files."""
    for fit in fits:
        group, _, name = fit.parameter.id.partition(".")
        file = folder / f"{group}.toml"
        file.write_text(written(file.read_text(encoding="utf-8"), name, fit.value), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Calibrate, print the fit, and write the values on request."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seeds", type=int, default=8, help="seeds a round; judge with careteams validate afterwards")
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--all-territories", action="store_true", help="also run the patterns of many territories")
    parser.add_argument("--write", action="store_true", help="write the values into the parameter files")
    options = parser.parse_args(arguments)
    try:
        patterns = _patterns(CARETEAMS.outcomes(), options.seeds, options.all_territories)
        fits = read_fits(FILE, patterns)
        print(as_text(calibrated(fits, patterns, rounds=options.rounds, workers=options.workers)))
    except Mistake as mistake:
        print(f"careteams: {rendered(mistake)}", file=sys.stderr)
        return 2
    if options.write:
        write(fits)
    return 0


def _patterns(outcomes: Mapping[str, Any], seeds: int, many: bool) -> list[Pattern]:
    from dataclasses import replace

    patterns = read_patterns(SHIPPED / "calibration.toml", outcomes)
    return [replace(p, replicates=seeds) for p in patterns if many or p.territories == ("baseline",)]


if __name__ == "__main__":
    sys.exit(main())

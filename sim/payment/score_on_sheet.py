"""A quality score as steps of a worksheet: the mark of each indicator, and their mean (systems 3.1)."""

from collections.abc import Sequence

import numpy as np

from sim.payment.accounts_of_year import Numbers
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.quality import INDICATORS, QualityParameters, counted_as, fractions_of
from sim.payment.sheet import Sheet


def put_score(
    sheet: Sheet, names: Sequence[str], history: History, norms: Norms, terms: QualityParameters, step: str = "score"
) -> None:
    """Put the marks of Ipep indicators and their score on a sheet of teams, as :func:`put_marks` does.

    Args:
        sheet: the worksheet.
        names: indicators, in order.
        history: earlier years, for progress.
        norms: hold the deciles.
        terms: the terms of scoring.
        step: name of the score.
    """
    put_marks(sheet, names, fractions_of(names, sheet.accounts, history, norms, terms), terms, step)


def put_marks(
    sheet: Sheet, names: Sequence[str], marks: Numbers, terms: QualityParameters, step: str = "score"
) -> None:
    """Put marks and their mean, the score, on a sheet of teams.

    Adds ``mark_<indicator>`` for each one that is known of some team, ``indicators_counted``, ``scored`` (whether any
    is known of the team) and the score out of 100, 0 where none is known.

    Args:
        sheet: the worksheet.
        names: indicators, in order.
        marks: parts of the full mark, ``(indicators, teams)``, NaN where missing.
        terms: the terms of scoring.
        step: name of the score.
    """
    counted, known = counted_as(marks, terms.missing_rule)
    shown = [number for number in range(len(names)) if known[number].any()]
    for number in shown:
        one = INDICATORS[names[number]]
        sheet.bring(f"mark_{one.name}", counted[number], one.label, "share of the full mark", source=one.reference)
    sheet.bring("indicators_counted", known.sum(axis=0), "Indicators that count", "count")
    sheet.bring("scored", ~np.isnan(marks).all(axis=0), "Whether any indicator is known", "yes/no")
    total = " + ".join(f"mark_{names[number]}" for number in shown) or "0"
    sheet.let(step, f"scored * 100 * ({total}) / max(1, indicators_counted)", "Quality score: mean of the marks",
              "points")  # fmt: skip

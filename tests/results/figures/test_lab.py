"""The figure of the laboratory: what is drawn is what is said."""

from collections.abc import Iterator

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from results.figures import lab
from results.figures.style import MM_PER_INCH, WIDTH_MM, styled
from results.messages import set_language

NEEDS = [2, 6]
QUANTITIES = {"fees": (5.0, 7.0), "lump_sum": (1.0, 3.0), "mixed": (2.0, 6.0)}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    means = pd.DataFrame.from_dict(QUANTITIES, orient="index", columns=pd.Index(NEEDS))
    means = means.assign(mean=means.mean(axis=1), distance=[2.0, 2.5, 0.0])
    players = [
        (payment, float(need), altruism, quantity + 0.1 * altruism)
        for payment, quantities in QUANTITIES.items()
        for need, quantity in zip(NEEDS, quantities, strict=True)
        for altruism in (2.0, 0.5, 1.0)
    ]
    return means, pd.DataFrame(players, columns=["payment", "need", "altruism", "quantity"])


def test_each_payment_is_a_line_told_by_more_than_its_colour() -> None:
    means, players = tables()
    with styled():
        described = lab.draw(means, players)
    first, *others = described.figure.axes
    lines = {line.get_label(): line for line in first.lines}
    assert list(np.asarray(lines["capitation"].get_ydata())) == [1.0, 3.0]
    assert list(np.asarray(lines["what patients need"].get_ydata())) == NEEDS
    looks = [(line.get_color(), line.get_marker(), line.get_linestyle()) for line in first.lines]
    assert all(len({look[i] for look in looks}) == len(looks) for i in range(3))
    assert len(others) == len(NEEDS)
    fees = others[1].lines[1]
    assert np.asarray(fees.get_xdata()).tolist() == [0.5, 1.0, 2.0]
    assert np.asarray(fees.get_ydata()) == pytest.approx([7.05, 7.1, 7.2])


def test_words_carry_the_numbers_in_both_languages() -> None:
    with styled():
        english = lab.draw(*tables())
    assert "fee-for-service: 5.00 / 7.00, 2.00 from need on average" in english.text
    assert "by -66.7% against" in english.text
    set_language("fr")
    with styled():
        french = lab.draw(*tables())
    assert "5,00 / 7,00" in french.text
    assert "{" not in english.text + french.text


def test_it_has_a_journals_width_and_legible_text() -> None:
    with styled():
        figure = lab.draw(*tables()).figure
    assert figure.get_figwidth() * MM_PER_INCH == pytest.approx(WIDTH_MM)
    texts = [t for t in figure.findobj(mpl.text.Text) if t.get_text() and t.get_visible()]
    assert min(float(t.get_fontsize()) for t in texts) >= 5.5

"""The figure of an attribution, on made-up draws: nothing is cut off, and words are those of the language in use."""

from collections.abc import Iterator

import numpy as np
import pytest

from results.attribution import Attribution, Draws, attributed
from results.attribution_shown import as_text
from results.figures.attribution import draw
from results.figures.style import styled
from results.messages import set_language

CAUSES = ("response", "territory", "case_mix", "start", "trend")
POLICIES = ("Shared savings and quality of a group (Ipep)",
            "Peps: a team is paid a lump sum a patient in the place of visits")  # fmt: skip
TEAM = "Maison de santé pluriprofessionnelle des Agapanthes et des Tilleuls"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


def made_up(saved: float = 1_258.0) -> Attribution:
    worth = np.array([1e6 + 1e3 * coalition + 10.0 * np.arange(10) for coalition in range(32)])
    again = [(np.delete(worth, one, axis=1), 1e6) for one in range(10)]
    spending = np.full(10, 2e6)
    draws = Draws(worth, 1e6, again, range(1, 11), 5_000.0, spending, spending, np.full(10, saved))
    band = {"paid_low": 0.1, "paid_high": 0.4}
    power = [{"size": size, "effect": effect, "paid": 0.2, **band} for size in (500, 5_000) for effect in (0.0, 0.1)]
    place = {"place": "lilas", "kind": "team", "list": 5_000.0, "mean": 2e4, "low": 0.0, "high": 4e4, "paid": 0.3}
    return attributed([draws], CAUSES, power=power, places=[{**place, "x_km": 1.0, "y_km": 2.0}])


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("policy", POLICIES)
def test_no_word_is_cut_at_the_edge(policy: str, language: str) -> None:
    set_language(language)
    with styled():
        figure = draw(made_up(), {"title": policy, "team": TEAM}).figure
        title, answer = (text.get_window_extent() for text in figure.texts[:2])
    assert all(text.get_window_extent().x1 <= figure.bbox.x1 for text in figure.texts)
    assert title.y1 <= figure.bbox.y1
    assert answer.y1 <= title.y0


def test_parts_are_joined_as_the_language_joins_them() -> None:
    set_language("fr")
    with styled():
        text = draw(made_up(), {"title": POLICIES[0], "team": TEAM}).text
    assert "Territoire\u00a0: " in text
    assert "\u202f; " in text
    assert "; " not in text.replace("\u202f; ", "").split("Payé pour rien")[0]


def test_spending_falls_or_rises() -> None:
    provenance = {"policy": "ipep", "team": "lilas"}
    assert "fell by 1,258 EUR a year." in as_text(made_up(), provenance)
    assert "rose by 1,258 EUR a year." in as_text(made_up(-1_258.0), provenance)

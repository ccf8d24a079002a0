"""The maps: what is coloured where, and what is said of it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import QuadMesh

from results.figures import draw, maps
from results.run import Run, open_run
from tests.invented import invented_run
from tests.results.figures.reading import legend_of


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(invented_run(tmp_path_factory.mktemp("runs") / "town", years=1, weeks_a_year=2))


def test_two_maps_with_their_legends(run: Run) -> None:
    left, right, bar = draw(run, "territory").figure.axes
    assert "Living areas" in left.get_title(loc="left")
    assert bar.get_ylabel() == "APL (consultations per person per year)"
    entries = [text.get_text() for axes in (left, right) for text in legend_of(axes).get_texts()]
    assert "T2 rural margins" in entries
    assert {"solo practice", "group practice", "multi-professional health home", "hospital"} <= set(entries)
    assert "under-served zone" in entries


def test_colours_are_the_accessibility_of_inhabited_cells(run: Run) -> None:
    mesh = next(c for c in draw(run, "territory").figure.axes[1].collections if isinstance(c, QuadMesh))
    shown = np.ma.masked_invalid(np.asarray(mesh.get_array(), float)).compressed()
    inhabited = run.cells[run.cells["people"] > 0]
    assert len(shown) == len(inhabited)
    assert shown.sum() == pytest.approx(inhabited["apl"].sum(), rel=1e-5)


def test_words_carry_the_main_numbers(run: Run) -> None:
    text = draw(run, "territory").text
    assert f"{run.cells['people'].sum():,.0f} people" in text
    assert "Saint-Invent" in text
    assert "9 teams" in text
    assert "invented" in text  # positions are not real, and it is said


def test_names_leave_each_other_room(run: Run) -> None:
    texts = [t for t in draw(run, "territory").figure.axes[0].texts if t.get_text() != "5 km"]
    places = [t.xy for t in texts if hasattr(t, "xy")]
    gaps = [abs(a[1] - b[1]) + abs(a[0] - b[0]) for i, a in enumerate(places) for b in places[:i]]
    assert len(places) >= 4
    assert min(gaps) > 1


def test_sites_of_one_cell_are_set_apart() -> None:
    sites = pd.DataFrame({"x_km": [1.5, 1.5, 1.5, 4.5], "y_km": [2.5, 2.5, 2.5, 2.5]})
    spread = maps.spread(sites, 1.0)
    assert spread.iloc[[0, 3]].equals(sites.iloc[[0, 3]].astype(float))
    assert len(spread.round(3).drop_duplicates()) == 4


def test_raster_reads_the_side_of_a_cell() -> None:
    cells = pd.DataFrame({"x_km": [0.1, 0.3, 0.5, 0.1], "y_km": [0.1, 0.1, 0.3, 0.5]})
    raster = maps.Raster.of(cells)
    assert raster.size_km == pytest.approx(0.2)
    assert raster.shape == (3, 3)
    image = raster.image([1, 2, 3, 4])
    assert image[0].tolist()[:2] == [1, 2]
    assert image[1, 2] == 3
    assert image[2, 0] == 4
    assert np.isnan(image).sum() == 5


def test_a_single_cell_is_a_map_too() -> None:
    raster = maps.Raster.of(pd.DataFrame({"x_km": [0.5], "y_km": [0.5]}))
    assert raster.shape == (1, 1)
    assert raster.extent == (0.0, 1.0, 0.0, 1.0)


def test_an_epci_says_that_positions_are_laid_out(run: Run, tmp_path: Path) -> None:
    run.manifest["territories"][0]["builder"] = "epci"
    assert "laid out by the model" in draw(run, "territory").text
    run.manifest["territories"][0]["builder"] = "synthetic"

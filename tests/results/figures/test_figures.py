"""All figures: drawn without global state, saved with their words, named when misspelt."""

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import pytest
from PIL import Image

from results.figures import FIGURES, NEEDS, OF_TEAM, draw
from results.figures.style import MM_PER_INCH, WIDTH_MM, save
from results.messages import set_language
from results.run import Run, RunError, open_run
from tests.invented import invented_run
from tests.paid_run import paid_run
from tests.told_run import told_run


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(invented_run(tmp_path_factory.mktemp("runs") / "town", years=2, weeks_a_year=12))


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(paid_run(tmp_path_factory.mktemp("runs") / "paid")[0])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return told_run(tmp_path_factory.mktemp("runs") / "told")


@pytest.fixture
def run(request: pytest.FixtureRequest, invented: Run) -> Run:
    """An invented run, one whose diary is made up, or one that really paid, for the figures that need it."""
    asked = getattr(request.node, "callspec", None)
    name = asked.params.get("name") if asked is not None else None
    if name in OF_TEAM:
        return request.getfixturevalue("told")
    return request.getfixturevalue("paid") if name in NEEDS else invented


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_has_a_journals_width_words_and_labelled_panels(run: Run, name: str) -> None:
    described = draw(run, name)
    assert described.name == name
    assert described.figure.get_figwidth() * MM_PER_INCH == pytest.approx(WIDTH_MM)
    assert len(described.text) > 150
    assert "{" not in described.title + described.text
    assert "nan" not in described.text
    assert described.figure.axes


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_is_too_small_to_print(run: Run, name: str) -> None:
    texts = [t for t in draw(run, name).figure.findobj(mpl.text.Text) if t.get_text() and t.get_visible()]
    assert min(float(t.get_fontsize()) for t in texts) >= 5.5


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", FIGURES)
def test_no_text_leaves_the_page(run: Run, name: str, language: str) -> None:
    set_language(language)
    figure = draw(run, name).figure
    figure.canvas.draw()
    page = figure.bbox
    for part in [*figure.texts, *figure.legends, *figure.axes]:
        box = part.get_tightbbox() if part.get_visible() else None
        if box is not None:
            words = [text.get_text() for text in part.findobj(mpl.text.Text) if text.get_text()]
            assert page.x0 - 1 <= box.x0 and box.x1 <= page.x1 + 1, words  # noqa: PT018 - one box
            assert page.y0 - 1 <= box.y0 and box.y1 <= page.y1 + 1, words  # noqa: PT018 - one box


def test_drawing_leaves_nothing_global_behind(run: Run) -> None:
    before = dict(mpl.rcParams)
    draw(run, "access")
    assert dict(mpl.rcParams) == before


def test_every_figure_is_saved_with_its_words(run: Run, tmp_path: Path) -> None:
    files = run.figures(tmp_path / "figures", dpi=72)
    assert {f.name for f in files} == {
        f"{name}.{kind}" for name in FIGURES if name not in NEEDS for kind in ("png", "svg", "txt")
    }
    words = (tmp_path / "figures" / "access.txt").read_text(encoding="utf-8")
    with Image.open(tmp_path / "figures" / "access.png") as png:
        assert png.info["Title"] == "Access to care"
        assert png.info["Description"] in words
    svg = (tmp_path / "figures" / "access.svg").read_text(encoding="utf-8")
    assert 'role="img" aria-labelledby="access-title access-text"' in svg
    assert '<title id="access-title">Access to care</title>' in svg


def test_the_same_figure_is_the_same_bytes(run: Run, tmp_path: Path) -> None:
    one, other = (save(draw(run, "territory"), tmp_path / place, dpi=50) for place in ("one", "other"))
    assert [f.read_bytes() for f in one] == [f.read_bytes() for f in other]


def test_numbers_are_written_in_french(run: Run) -> None:
    set_language("fr")
    assert "28\u202f938" in draw(run, "territory").text


def test_an_unknown_figure_names_the_nearest(run: Run) -> None:
    with pytest.raises(RunError, match=r'figure "acess" is not known\. Did you mean "access"'):
        run.plot("acess")


def test_plot_gives_the_figure(run: Run) -> None:
    assert run.plot("spending").axes[0].get_ylabel() == "EUR per person per year"


def test_a_run_shorter_than_a_year_has_no_spending_figure(tmp_path: Path) -> None:
    run = open_run(invented_run(tmp_path / "short", years=0))
    with pytest.raises(RunError, match="shorter than a year"):
        draw(run, "spending")

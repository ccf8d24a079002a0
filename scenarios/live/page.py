"""The page: Mesa's SolaraViz around a village, with sliders that say their values, and a run that can be frozen.

Every browser session builds its own model, inside :func:`Page`; a model at the top of this file would be one for all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import solara
from matplotlib.figure import Figure
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter

from results.messages import _
from scenarios.commands.describing import title
from scenarios.live import asked
from scenarios.live.pictures import GIVEN_UP, layers, lines_of, map_of
from scenarios.live.village import Setting, Village, payments

MOST_SEED = 50
MOST_TIMES = 2
"""The slider of physicians ends at so many times those of the scenario, and one more."""


class Live(Village):
    """A village that Mesa's *Reset* makes anew by what the sliders say now."""

    def __init__(self, sliders: "solara.Reactive[Setting]") -> None:
        super().__init__(sliders.value)


@dataclass(frozen=True, slots=True)
class Frozen:
    """A run that stays on the charts."""

    said: str
    lines: Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Session:
    """What one browser session holds."""

    sliders: "solara.Reactive[Setting]"
    layer: "solara.Reactive[str]"
    frozen: "solara.Reactive[Frozen | None]"
    model: "solara.Reactive[Live]"

    @classmethod
    def new(cls) -> "Session":
        """A session at the start: the scenario as it is written."""
        sliders = solara.reactive(Setting.of(asked()))
        return cls(sliders, solara.reactive(GIVEN_UP), solara.reactive(None), solara.reactive(Live(sliders)))


@solara.component
def Page() -> None:  # noqa: N802 - Solara looks for this name
    """The whole page."""
    session = solara.use_memo(Session.new, [])
    pictures = solara.use_memo(lambda: [_picture(session, _map), _picture(session, _lines)], [])
    with solara.Sidebar():
        Sliders(session)
    SolaraViz(
        session.model, components=[(part, 0) for part in pictures], model_params={"sliders": session.sliders},
        name=title(session.sliders.value.scenario), play_interval=50,
    )  # fmt: skip


@solara.component
def Sliders(session: Session) -> None:  # noqa: N802 - a component
    """What can be set, each with its value, and what the map and the charts show."""
    update_counter.get()
    model, setting = session.model.value, session.sliders.value
    first = next(iter(setting.scenario.teams.values()))
    most = max(first.physicians, 1) * MOST_TIMES + 1

    def put(**values: Any) -> None:
        session.sliders.set(session.sliders.value.changed(**values))

    with solara.Card(_("Week {week}", week=model.week)):
        solara.Text(model.setting.said())
    with solara.Card(_("What is tried")):
        solara.Text(_("Physicians of {team}: {value}", team=setting.team, value=setting.physicians))
        solara.SliderInt("", setting.physicians, 1, most, on_value=lambda value: put(physicians=value))
        solara.Text(_("Seed: {value}", value=setting.seed))
        solara.SliderInt("", setting.seed, 1, max(MOST_SEED, setting.seed), on_value=lambda value: put(seed=value))
        names = payments()
        solara.Select(_("Payment from year 1"), list(names.values()), names[setting.payment],
                      on_value=lambda name: put(payment=_key(names, name)))  # fmt: skip
        solara.Checkbox(label=_("People decide"), value=setting.decisions, on_value=lambda yes: put(decisions=yes))
        solara.Text(_("Reset starts again with these."))
    with solara.Card(_("What is shown")):
        shown = layers()
        solara.Select(_("Map"), list(shown.values()), shown[session.layer.value],
                      on_value=lambda name: session.layer.set(_key(shown, name)))  # fmt: skip
        solara.Button(_("Freeze this run"), on_click=lambda: session.frozen.set(_kept(model)))
        if session.frozen.value:
            solara.Text(_("Frozen: {said}", said=session.frozen.value.said))
            solara.Button(_("Forget it"), on_click=lambda: session.frozen.set(None))


def _kept(model: Live) -> Frozen:
    return Frozen(model.setting.said(), model.lines())


def _key(names: Mapping[str, str], name: str) -> str:
    """The key behind a name that a person chose."""
    return next(key for key, said in names.items() if said == name)


def _picture(session: Session, draw: Callable[[Session, Live], Figure]) -> Callable[[Live], Any]:
    @solara.component
    def Picture(model: Live) -> None:  # noqa: N802 - a component
        week = update_counter.get()
        solara.FigureMatplotlib(
            draw(session, model), dependencies=[id(model), week, session.layer.value, session.frozen.value]
        )

    return Picture


def _map(session: Session, model: Live) -> Figure:
    heading = _("Week {week} of year {year}", week=model.week, year=max(model.care.year, 1))
    return map_of(model.care.world, session.layer.value, heading)


def _lines(session: Session, model: Live) -> Figure:
    frozen = session.frozen.value
    return lines_of(model.lines(), frozen.lines if frozen else None, frozen.said if frozen else "")

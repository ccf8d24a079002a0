"""``careteams territory``: the ground on which a scenario stands, described and drawn."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results.messages import _, ngettext, number, percent
from scenarios.commands.pictures import saved
from sim.area_types import AREA_TYPES

if TYPE_CHECKING:
    import pandas as pd

    from sim.specification import ScenarioSpec

WIDTH_MM = 130
LEGEND_MM = 30
LARGEST_COMMUNES = 8
FIRST_OLD_BAND = 3
"""Age bands from 65 on (``agents.patients.AGE_BANDS``)."""


def territory(options: argparse.Namespace) -> int:
    """Build the ground alone, say what is on it, and draw it where ``--out`` asks for it."""
    from scenarios.reading import load
    from sim.territory import build_ground

    settings = list(options.set)
    if options.epci:
        # A preset's living areas are not those of a real place, unless the user says so.
        settings.insert(0, "territory.area_types={}")
        settings += ['territory.builder="epci"', f'territory.name="{options.epci}"']
    spec = load(options.scenario, settings)
    ground = build_ground(spec.territory, spec.seed)
    print("\n".join(_described(ground)))
    if options.out:
        print(_("map: {file}", file=_drawn(ground, spec, Path(options.out))))
    return 0


def _described(ground: Any) -> list[str]:
    import numpy as np

    people = ground.cells["people"].sum(axis=1)
    total = max(float(people.sum()), 1.0)
    lines = [
        _("{name} ({builder}): {people} people, {communes}, {cells} inhabited cells of 1 km",
          name=ground.name, builder=ground.builder, people=number(people.sum()),
          communes=ngettext("{n} commune", "{n} communes", len(ground.communes)), cells=number((people > 0).sum())),
        _("aged 65 and over: {share}", share=percent(ground.cells["people"][:, FIRST_OLD_BAND:].sum() / total, 1)),
        _("poverty: {share}", share=percent(float((ground.cells["poverty"] * people).sum()) / total, 1)),
    ]  # fmt: skip
    weights = np.bincount(ground.cells["area_type"], weights=people, minlength=len(AREA_TYPES)) / total
    types = ", ".join(f"{name} {percent(share)}" for name, share in zip(AREA_TYPES, weights, strict=True) if share > 0)
    lines.append(_("living areas: {types}", types=types))
    largest = np.argsort(-ground.communes["people"], kind="stable")[:LARGEST_COMMUNES]
    names = ", ".join(f"{c['name']} ({number(c['people'])})" for c in ground.communes[largest])
    lines.append(_("largest communes: {names}", names=names))
    return [*lines, *(_(note.message, **note.facts) for note in ground.notes)]


def _drawn(ground: Any, spec: "ScenarioSpec", file: Path) -> Path:
    """The living areas and the people of a ground, in the manner of the figures of a run."""
    from results.figures import maps
    from results.figures.style import Described, new_figure, styled
    from results.figures.territory import area_legend, living_areas
    from scenarios.origins import made_of

    cells, communes = _frames(ground)
    raster = maps.Raster.of(cells)
    with styled():
        figure = new_figure(WIDTH_MM * raster.shape[0] / raster.shape[1] + LEGEND_MM, WIDTH_MM)
        axes = figure.subplots()
        living_areas(axes, raster, cells)
        maps.commune_names(axes, cells, communes)
        axes.set_title(_("The territory of {name}", name=ground.name))
        figure.legend(handles=area_legend(cells), ncols=2, loc="outside lower center")
    title = _("The territory of {name}", name=ground.name)
    return saved(Described("territory", title, figure, " ".join(_described(ground)), made_of(spec)), file)


def _frames(ground: Any) -> tuple["pd.DataFrame", "pd.DataFrame"]:
    """Cells and communes as the figures of a run take them."""
    import numpy as np
    import pandas as pd

    cells, communes = ground.cells, ground.communes
    return (
        pd.DataFrame({
            "x_km": cells["x_km"], "y_km": cells["y_km"], "commune": cells["commune"],
            "people": cells["people"].sum(axis=1),
            "area_type": pd.Categorical.from_codes(cells["area_type"].astype(int).tolist(), pd.Index(AREA_TYPES)),
        }),
        pd.DataFrame({"commune": np.arange(len(communes)), "name": communes["name"], "people": communes["people"]}),
    )  # fmt: skip

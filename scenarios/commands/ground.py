"""``careteams territory``: the ground on which a scenario stands, described and drawn."""

import argparse
from pathlib import Path
from typing import Any

from results.messages import _, number, percent
from sim.specification import AREA_TYPES


def territory(options: argparse.Namespace) -> int:
    """Build the ground alone, say what is on it, and draw it where ``--out`` asks for it."""
    from scenarios.reading import load
    from sim.territory import build_ground

    settings = list(options.set)
    if options.epci:
        settings += ['territory.builder="epci"', f'territory.name="{options.epci}"']
    spec = load(options.scenario, settings)
    ground = build_ground(spec.territory, spec.seed)
    print("\n".join(_described(ground)))
    if options.out:
        print(_("map: {file}", file=_drawn(ground, Path(options.out))))
    return 0


def _described(ground: Any) -> list[str]:
    import numpy as np

    people = ground.cells["people"].sum(axis=1)
    total = max(float(people.sum()), 1.0)
    lines = [
        _("{name} ({builder}): {people} people, {communes} communes, {cells} inhabited cells of 1 km",
          name=ground.name, builder=ground.builder, people=number(people.sum()),
          communes=number(len(ground.communes)), cells=number((people > 0).sum())),
        _("aged 65 and over: {share}", share=percent(ground.cells["people"][:, 3:].sum() / total, 1)),
        _("poverty: {share}", share=percent(float((ground.cells["poverty"] * people).sum()) / total, 1)),
    ]  # fmt: skip
    weights = np.bincount(ground.cells["area_type"], weights=people, minlength=len(AREA_TYPES)) / total
    types = ", ".join(f"{name} {percent(share)}" for name, share in zip(AREA_TYPES, weights, strict=True) if share > 0)
    lines.append(_("living areas: {types}", types=types))
    largest = np.argsort(-ground.communes["people"], kind="stable")[:8]
    names = ", ".join(f"{c['name']} ({number(c['people'])})" for c in ground.communes[largest])
    lines.append(_("largest communes: {names}", names=names))
    return [*lines, *(str(note) for note in ground.notes)]


def _drawn(ground: Any, file: Path) -> Path:
    """People by cell, with a ring round what is known to stand there."""
    import matplotlib as mpl

    mpl.use("Agg")
    import numpy as np
    from matplotlib import pyplot as plt

    from agents.mistakes import Mistake

    people = ground.cells["people"].sum(axis=1)
    figure, axes = plt.subplots(figsize=(7, 6), layout="constrained")
    x, y = ground.cells["x_km"], ground.cells["y_km"]
    drawn = axes.scatter(x, y, c=np.log10(np.maximum(people, 1)), s=18, marker="s", cmap="cividis")
    figure.colorbar(drawn, label=_("people per cell (log10)"))
    axes.scatter(x[ground.hospital_cells], y[ground.hospital_cells], marker="P", c="#d55e00", s=90, label=_("hospital"))
    if ground.hospital_cells:
        axes.legend(loc="upper right", frameon=False)
    axes.set(xlabel="km", ylabel="km", title=ground.name, aspect="equal")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(file, dpi=150)
    except (OSError, ValueError) as error:
        raise Mistake("{file}: the map cannot be written ({reason}).", file=file, reason=error) from None
    finally:
        plt.close(figure)
    return file

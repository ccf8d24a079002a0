"""``careteams lab``: the decision rule of physicians, alone, in the stylised laboratory of pattern V-10."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results.messages import _, number, percent
from scenarios.commands.pictures import saved

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.laboratory_game import Play

ALTRUISM = (0.0, 0.5, 0.7, 0.9, 1.0, 1.2, 1.5)
"""Of the players whose best replies are listed."""


def lab(options: argparse.Namespace) -> int:
    """Play the game, say what players do and whether V-10 is met; 0 whatever the verdict, since a miss is a result."""
    from scenarios import laboratory_game as game
    from scenarios.reading import load

    parameters = dict(load("default", options.set).parameters)
    played = game.population(parameters)
    means, judgement = game.means(played), game.v10(parameters)
    orderings = played.orderings(game.design().needs)
    if options.json:
        content = {"means": {row: _plain(means.loc[row]) for row in means.index}, "change": played.change}
        print(json.dumps(content | {"orderings": orderings, "v10": judgement.as_json()}, ensure_ascii=False, indent=1))
    else:
        from scenarios.patterns.validation import as_text

        replies = game.best_replies(ALTRUISM, parameters)
        print("\n\n".join([_replies(replies), _means(means, played), _orderings(orderings), as_text([judgement])]))
    if options.figure:
        file = _drawn(means, game.by_altruism(played), Path(options.figure), options.set)
        if not options.json:
            print("\n" + _("figure: {file}", file=file))
    return 0


def _plain(row: "pd.Series") -> dict[str, float]:
    return {str(name): float(value) for name, value in row.items()}


def _replies(replies: "pd.DataFrame") -> str:
    """The table of best replies."""
    from results.figures.lab import names

    said, width = names(), 18
    needs: list[int] = replies.columns.get_level_values(1).unique().tolist()
    head = _("need {needs}", needs=", ".join(number(need) for need in needs))
    lines = [f"{'':<10}" + "".join(f"{title:<{width}}" for title in said.values())]
    lines.append(f"{_('altruism'):<10}" + "".join(f"{head:<{width}}" for _title in said))
    for altruism, row in replies.iterrows():
        cells = "".join(f"{', '.join(row[payment, need] for need in needs):<{width}}" for payment in said)
        lines.append(f"{number(float(str(altruism)), 1):<10}{cells}")
    title = _("Best replies of a player who is paid in three ways (7/8: both are as good)")
    return "\n".join([title, "", *(line.rstrip() for line in lines)])


def _means(means: "pd.DataFrame", played: "Play") -> str:
    """The table of mean quantities, by need."""
    from results.figures.lab import names, read

    needs: list[Any] = [column for column in means.columns if column not in ("mean", "distance")]
    heads = [*(_("need {needs}", needs=number(need)) for need in needs), _("mean"), _("distance to need")]
    lines = [f"{'':<20}" + "".join(f"{head:>12}" if head != heads[-1] else f"{head:>22}" for head in heads)]
    for payment, title in names().items():
        cells = "".join(f"{number(read(means, payment, column), 2):>12}" for column in [*needs, "mean"])
        lines.append(f"{title:<20}{cells}{number(read(means, payment, 'distance'), 2):>22}")
    title = _("Mean quantities of players as altruistic as physicians are, who choose by logit")
    change = _("capitation against fee-for-service: {change}", change=percent(played.change, 1))
    return "\n".join([title, "", *lines, "", change])


def _orderings(orderings: dict[str, bool]) -> str:
    """Which orderings of the experiments are met."""
    said = {
        "fees give too much where need is low": _("fee-for-service gives too much where need is low"),
        "the lump sum gives too little where need is high": _("capitation gives too little where need is high"),
        "mixed payment is closest to need": _("mixed payment is closest to need"),
    }
    return "\n".join(f"{_('yes') if orderings[name] else _('no'):<5}{text}" for name, text in said.items())


def _drawn(means: Any, by_altruism: Any, file: Path, settings: Sequence[str]) -> Path:
    """The figure, and its words beside it."""
    from results.figures.lab import draw
    from results.figures.style import styled
    from scenarios.origins import made_of
    from scenarios.reading import load

    with styled():
        described = draw(means, by_altruism)
    return saved(replace(described, provenance=made_of(load("default", settings))), file)

"""``careteams textbook``: what the simple model would have said of capitation and of a bonus, beside the full one."""

import argparse
import json
from pathlib import Path

from results.messages import _, percent
from scenarios.commands.engines import engine_asked
from scenarios.commands.pictures import saved


def textbook(options: argparse.Namespace) -> int:
    """Run both models on the same worlds, say what each makes of two payments, draw it where asked."""
    from dataclasses import replace

    from results.figures.style import styled
    from results.figures.textbook import draw
    from results.provenance import as_text, record
    from scenarios.textbook import SEEDS, YEARS, told

    with engine_asked(options) as engine:
        found = told(
            seeds=options.seeds or SEEDS, years=options.years or YEARS, workers=engine,
            progress=not (options.quiet or options.json),
        )  # fmt: skip
    with styled():
        described = replace(draw(found.effects), provenance=found.provenance)
    if options.json:
        rows = found.effects.to_dict(orient="records")
        print(json.dumps({"effects": rows, "provenance": json.loads(as_text(record(found.provenance)))}, indent=1))
    else:
        print(f"{described.title}\n\n{described.text}\n")
        for row in found.effects.itertuples():
            span = _("{low} to {high}", low=percent(float(str(row.low)), 1), high=percent(float(str(row.high)), 1))
            what = f"{row.payment!s:<12}{row.outcome!s:<27}{row.model!s:<8}{row.year!s:>3}"
            print(f"{what}  {percent(float(str(row.mean)), 1):>9}  {span}")
    if options.figure:
        file = saved(described, Path(options.figure))
        if not options.json:
            print("\n" + _("figure: {file}", file=file))
    return 0

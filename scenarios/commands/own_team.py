"""``careteams team from-table FILE``: a preset from counts of one's own list, staff and acts."""

import argparse
import re
from pathlib import Path

from agents.mistakes import Mistake
from results.messages import _

LONGEST = 40


def team(options: argparse.Namespace) -> int:
    """Write the preset, and say what was filled by default."""
    from scenarios.own_team.preset import checked_name, preset
    from scenarios.study.files import put

    file = Path(options.file)
    out = Path(options.out) if options.out else file.with_name(_plain(file.stem) + ".toml")
    name = checked_name(out)
    if out.exists() and not options.replace:
        raise Mistake("{file}: there is such a file already. Choose another --out, or say --replace.", file=out)
    made = preset(file, name)
    put(out, made.text)
    print(_("preset: {file}", file=out))
    print(_("Filled by default:"))
    for sentence in made.filled:
        print(f"  - {sentence}")
    print(_("next:   careteams run {file} --years 1", file=out))
    return 0


def _plain(stem: str) -> str:
    """A file's name as that of a preset."""
    return re.sub(r"[^\w-]+", "_", stem).strip("_")[:LONGEST] or "team"

"""Bring the ODD document up to date with the code, or say where it is not.

python -m scenarios.odd              # write tables, schedule and figures anew
python -m scenarios.odd --check      # change nothing; say what is not up to date
python -m scenarios.odd --reviewed   # I have read again the sections whose code has changed: they are right
"""

import argparse
import sys

from agents.mistakes import Mistake
from results.messages import rendered
from scenarios.odd.pages import PAGES, faults, review, write


def main(arguments: list[str] | None = None) -> int:
    """Write or check every page; 1 when something is left to do, 2 for a mistake in a page."""
    parser = argparse.ArgumentParser(prog="python -m scenarios.odd", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing")
    parser.add_argument("--reviewed", action="store_true", help="the text fits the code as it is now")
    options = parser.parse_args(arguments)
    try:
        if options.reviewed:
            review()
        if not options.check:
            write()
        left = faults()
    except Mistake as mistake:
        print(rendered(mistake), file=sys.stderr)
        return 2
    print("\n".join(left) or f"{len(PAGES)} pages agree with the code")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())

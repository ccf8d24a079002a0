"""``careteams rerun FILE``: the runs behind a figure, a table or a page, made again from what the file carries."""

import argparse
from pathlib import Path

from agents.mistakes import Mistake
from results.messages import _


def rerun(options: argparse.Namespace) -> int:
    """Run again, into a new place, and say what came out the same."""
    from results.provenance import ProvenanceError, carried
    from scenarios.rerunning import again, same_files

    file = Path(options.file)
    if not file.exists():
        raise Mistake("{file}: there is no such file or folder.", file=file)
    try:
        kept = carried(file)
    except ProvenanceError as error:
        raise Mistake("{problem}", problem=str(error)) from None
    out = Path(options.out) if options.out else file.with_name(f"{file.stem}-rerun")
    made = again(kept, file, out, accept_changes=options.accept_changes, progress=not options.quiet)
    if not options.quiet:
        before = file if file.is_dir() else file.parent
        same, other = same_files(before, made)
        print(_("run again: {folder}", folder=made))
        if same or other:
            print(_("files that are the same to the last byte: {same}; others: {other}",
                    same=", ".join(same) or "–", other=", ".join(other) or "–"))  # fmt: skip
    return 0

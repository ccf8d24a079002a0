"""``careteams live``: the model week by week in a browser."""

import argparse
import os
from importlib.util import find_spec
from typing import Final

from agents.mistakes import Mistake
from results.messages import _

NEEDED: Final = ("solara", "altair", "uvicorn")
HERE: Final = "127.0.0.1"
HIGHEST_PORT: Final = 65_535


def live(options: argparse.Namespace) -> int:
    """Warm the scenario up, then serve its page until Ctrl-C."""
    from scenarios.reading import load

    if any(find_spec(name) is None for name in NEEDED):
        raise Mistake("the live page needs the extra live: `make live`, or pip install 'careteams[live]'.")
    if options.port > HIGHEST_PORT:
        raise Mistake("--port {port} is outside its range, 1 to {most}.", port=options.port, most=HIGHEST_PORT)
    scenario = load(options.scenario, options.set)
    from scenarios.live import ask
    from scenarios.live.village import Setting, warmed
    from scenarios.running import bar

    with bar(_("warm-up"), None, not options.quiet) as passed:
        warmed(Setting.of(scenario), passed)
    ask(scenario)
    serve(options.port, browser=not options.no_browser)
    return 0


def serve(port: int, *, browser: bool) -> None:
    """Serve the page on this machine alone, with what it needs from this machine alone."""
    os.environ.update(SOLARA_APP="scenarios.live.page", SOLARA_TELEMETRY_MIXPANEL_ENABLE="false")
    import uvicorn

    address = f"http://{HERE}:{port}"
    print(_("{address} (Ctrl-C to stop)", address=address), flush=True)
    if browser:
        import threading
        import webbrowser

        threading.Timer(1.0, webbrowser.open, [address]).start()
    uvicorn.run("solara.server.starlette:app", host=HERE, port=port, log_level="warning")

"""The live page: the model week by week in a browser, with Mesa's own controls (extra ``live``)."""

from sim.specification import ScenarioSpec

_asked: dict[str, ScenarioSpec] = {}


def ask(scenario: ScenarioSpec) -> None:
    """Say which scenario the page shows, before it is served."""
    _asked["scenario"] = scenario


def asked() -> ScenarioSpec:
    """The scenario that the page shows; the default one when the page is served by Solara's own command."""
    return _asked.get("scenario") or ScenarioSpec()

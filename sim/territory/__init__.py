"""The ground: where people live, how old and how poor they are, and how far care is."""

from agents.declarations import Table
from agents.mistakes import Mistake, nearest
from sim.parameters import parameter_record
from sim.specification import TerritorySpec
from sim.territory.grid import Ground

BUILDERS = ("synthetic", "epci", "insee")


def build_ground(spec: TerritorySpec, seed: int, parameters: Table | None = None) -> Ground:
    """The ground that a scenario asks for.

    Args:
        spec: ``[territory]`` of the scenario.
        seed: seed of the run; the same seed gives the same ground.
        parameters: record of all parameters, the defaults when left out.

    Raises:
        Mistake: when the builder is not known, or cannot do what is asked.
    """
    from sim.territory import epci, insee, synthetic

    builders = {"synthetic": synthetic.build, "epci": epci.build, "insee": insee.build}
    if spec.builder not in builders:
        raise Mistake(
            'territory.builder = "{value}" is not known. Did you mean "{nearest}"? Known builders: {known}.',
            value=spec.builder, nearest=nearest(spec.builder, BUILDERS) or BUILDERS[0], known=", ".join(BUILDERS),
        )  # fmt: skip
    return builders[spec.builder](spec, seed, parameter_record() if parameters is None else parameters)

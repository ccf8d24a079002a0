"""The payer at the start (behaviour A4, G)."""

from agents import payer
from agents.declarations import Table, new_table
from sim.draws import content_id
from sim.specification import UNSET, PayerSpec


def payer_table(parameters: Table, spec: PayerSpec | None = None) -> Table:
    """The payer at the start: one row.

    Args:
        parameters: record of the parameters, shape ``(1,)``.
        spec: what the scenario says of the payer.
    """
    table = new_table(payer.COLUMNS, 1)
    table["who"] = content_id("payer")
    instruct(table, parameters, spec or PayerSpec())
    return table


def instruct(table: Table, parameters: Table, spec: PayerSpec) -> None:
    """Tell the payer how to handle its rules: what a scenario says, else the parameters; changed in place."""
    table["mode"] = payer.MODES.index(spec.mode)
    for column in ("budget", "monitoring_hours", "count_target"):
        said = getattr(spec, column)
        table[column] = parameters[f"workforce_payer_{column}"] if said == UNSET else said

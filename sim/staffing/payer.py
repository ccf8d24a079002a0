"""The payer at the start (behaviour A4, G)."""

from agents import payer
from agents.declarations import Table, new_table
from sim.draws import content_id


def payer_table(parameters: Table) -> Table:
    """The payer at the start: one row, rules as written.

    Args:
        parameters: record of the parameters, shape ``(1,)``.
    """
    table = new_table(payer.COLUMNS, 1)
    table["who"] = content_id("payer")
    table["budget"] = parameters["workforce_payer_budget"]
    table["monitoring_hours"] = parameters["workforce_payer_monitoring_hours"]
    table["count_target"] = parameters["workforce_payer_count_target"]
    return table

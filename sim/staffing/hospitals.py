"""Hospitals at the start (behaviour A4)."""

import numpy as np

from agents.declarations import Table, new_table
from agents.hospitals import COLUMNS
from sim.draws import content_id
from sim.specification import TerritorySpec
from sim.staffing.places import hospital_sites, people_of
from sim.staffing.practices import PER, territory_id
from sim.territory.grid import Ground

WEEKS_PER_YEAR = 52


def hospitals(ground: Ground, spec: TerritorySpec, par: Table) -> Table:
    """The hospitals of a territory, which share its beds and its emergency visits equally."""
    sites = hospital_sites(ground, spec, par)
    table = new_table(COLUMNS, len(sites))
    if not sites:
        return table
    home, people = territory_id(ground), float(people_of(ground).sum())
    table["who"] = [content_id("hospital", home, n) for n in range(len(sites))]
    table["cell"] = [cell for cell, _ in sites]
    table["minutes_beyond"] = [beyond for _, beyond in sites]
    beds, count = round(people * spec.beds_per_10000 / PER), len(sites)
    table["beds"] = beds // count + (np.arange(count) < beds % count)
    visits = people * par["workforce_hospital_ed_rate"][0] / WEEKS_PER_YEAR / count
    table["ed_capacity"] = np.ceil(visits * par["workforce_hospital_ed_margin"][0])
    table["occupancy"] = par["workforce_hospital_occupancy"][0]
    table["p_notice"] = par["workforce_hospital_p_notice"][0]
    table["notice_delay_days"] = par["workforce_hospital_notice_delay"][0]
    table["direct_accept"] = par["workforce_hospital_direct_accept"][0]
    table["leads_bid"] = spec.hospital_leads_bid
    return table

"""The tables of the ground: cells of 1 km, communes, territories; and the Mesa grid that shows them."""

from dataclasses import dataclass, field
from typing import Final

from agents.declarations import Column, Table, table_dtype
from agents.patients import AGE_BANDS
from sim.territory.notes import Note

CELLS: Final = (
    Column("who", "u8", "", "stable content id: territory and coordinates"),
    Column("territory", "i2", "", "territory (row of the territories)"),
    Column("commune", "i4", "", "commune (row of the communes)"),
    Column("x_km", "f4", "km", "west to east, centre of the cell, within its territory"),
    Column("y_km", "f4", "km", "south to north, centre of the cell, within its territory"),
    Column("people", "f4", "people", "inhabitants by age band", shape=(len(AGE_BANDS),), source="behaviour A1"),
    Column("poverty", "f4", "share", "poverty rate", source="P-CASE-FRANCE"),
    Column("poverty_z", "f4", "sd", "poverty rate, standardised over people", source="behaviour C5"),
    Column("area_type", "u1", "", "living-area type, 0 for T1 to 5 for T6", source="behaviour I"),
    Column("apl", "f4", "consultations/person/year", "potential localised accessibility", source="P-APL-RANGE"),
    Column("c2s", "f4", "share", "people with means-tested cover", source="behaviour A1"),
    Column("ame", "f4", "share", "people under 65 with state medical aid", source="behaviour A1"),
    Column(
        "home_nursing",
        "f4",
        "ratio",
        "scale of continuing home nursing that fills liberal nurses' minutes at the start",
        source="behaviour A3",
    ),
    Column("under_served", "u1", "", "1 where APL without GPs over 65 is under 2.5", source="P-APL-THR"),
)
COMMUNES: Final = (
    Column("code", "U5", "", "Insee code, or an invented one of the synthetic territory"),
    Column("name", "U60", "", "name"),
    Column("territory", "i2", "", "territory (row of the territories)"),
    Column("people", "i4", "people", "inhabitants"),
    Column("poverty", "f4", "share", "poverty rate"),
    Column("area_type", "u1", "", "living-area type"),
    Column("apl", "f4", "consultations/person/year", "potential localised accessibility, mean over people"),
)
TERRITORIES: Final = (
    Column("who", "u8", "", "stable content id: builder and name"),
    Column("name", "U80", "", "name"),
    Column("builder", "U12", "", "synthetic, epci or insee"),
    Column("people", "i4", "people", "inhabitants at the start"),
    Column("first_patient", "i4", "", "first row of the territory's patients"),
    Column("last_patient", "i4", "", "row after the last one, room for newcomers included"),
    Column("births", "i4", "count", "births since the start"),
    Column("residents", "i4", "people", "inhabitants by age band, counted every quarter", shape=(len(AGE_BANDS),)),
    Column("next_row", "i4", "", "row from which the next free one is looked for"),
)
CELL_DTYPE: Final = table_dtype(CELLS)
COMMUNE_DTYPE: Final = table_dtype(COMMUNES)
TERRITORY_DTYPE: Final = table_dtype(TERRITORIES)


@dataclass(frozen=True, slots=True)
class Ground:
    """One territory as a builder leaves it: where people live, before anybody works there.

    Attributes:
        name, builder: what the territory is called, and how it was made.
        cells, communes: tables, with ``territory`` 0; ``cells["commune"]`` is a row of ``communes``.
        gp_cells, nurse_cells, hospital_cells: cells (rows) where facilities are known, empty where unknown.
        notes: what is real and what was laid out by us, one sentence each, for people (with its licence).
    """

    name: str
    builder: str
    cells: Table
    communes: Table
    gp_cells: list[int] = field(default_factory=list)
    nurse_cells: list[int] = field(default_factory=list)
    hospital_cells: list[int] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

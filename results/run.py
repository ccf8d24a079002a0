"""Opening a run: one call, then every table of it as a pandas frame, read when it is first asked for.

    run = open_run("results/runs/agapanthes")
    run.territory.plot(x="week", y="posted_wait_days")
    run.figures("somewhere")

A run says itself what its columns are (``run.describe("physicians")``); nothing here needs the code that made it.
"""

import difflib
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from results.messages import _, label

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
"""Formats of run folders up to this one can be read."""


class RunError(Exception):
    """A run that cannot be opened or lacks what was asked; one line for people, exit code 2 in the command line."""


def given_name(territory: Mapping[str, Any]) -> str:
    """Name of a territory in a manifest; "" for an invented one without a name, which bears its builder's."""
    name = str(territory["name"])
    return "" if name == territory["builder"] else name


class Run:
    """One whole run on disk.

    Attributes:
        path: its folder.
        manifest: identity, scenario, parameters, versions, timings, and the declaration of every table.
    """

    def __init__(self, path: Path, manifest: dict[str, Any]) -> None:
        self.path = path
        self.manifest = manifest

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r}, {self.name!r}, seed {self.manifest['seed']}, {self.manifest['weeks']} weeks)"

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return str(self.manifest["scenario"]["name"])

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that the run holds."""
        return tuple(self.manifest["tables"])

    def has(self, table: str) -> bool:
        """Whether the run holds a table."""
        return table in self.manifest["tables"]

    @cached_property
    def territory(self) -> pd.DataFrame:
        """One row a week and territory: people, contacts, waits, leaks, forgone needs, spending."""
        return self._frame("territory")

    @cached_property
    def physicians(self) -> pd.DataFrame:
        """One row a week and physician."""
        return self._frame("physicians")

    @cached_property
    def nurses(self) -> pd.DataFrame:
        """One row a week and nurse."""
        return self._frame("nurses")

    @cached_property
    def support(self) -> pd.DataFrame:
        """One row a week and secretary or coordinator."""
        return self._frame("support")

    @cached_property
    def hospitals(self) -> pd.DataFrame:
        """One row a week and hospital."""
        return self._frame("hospitals")

    @cached_property
    def teams(self) -> pd.DataFrame:
        """One row a week and team."""
        return self._frame("teams")

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """Yearly measures of payees."""
        return self._frame("accounts")

    @cached_property
    def spending(self) -> pd.DataFrame:
        """Yearly spending: totals by category, and points of the concentration curve over people."""
        return self._frame("spending")

    @cached_property
    def payments(self) -> pd.DataFrame:
        """Every payment of every contract, one a row (``cents``)."""
        return self._frame("payments")

    @cached_property
    def shares(self) -> pd.DataFrame:
        """What every person got of a year's money after sharing, one row a person and part (``cents``)."""
        return self._frame("shares")

    @cached_property
    def payment_rules(self) -> pd.DataFrame:
        """Formulas, terms and measures of each payment rule, once a year and contract."""
        return self._frame("payment_rules")

    @cached_property
    def payment_values(self) -> pd.DataFrame:
        """What each name of a payment rule was worth for each payee."""
        return self._frame("payment_values")

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """The diary: every choice, vote, join, exit, hire, conflict and change of rule, with the terms behind it."""
        return self._frame("decisions")

    @cached_property
    def dyads(self) -> pd.DataFrame:
        """One row a year and pair of a physician and a nurse: what is handed over, and how they know each other."""
        return self._frame("dyads")

    @cached_property
    def incomes_by_rule(self) -> pd.DataFrame:
        """What members of teams would get of a year's money under each sharing rule, one row a person and rule."""
        return self._frame("incomes_by_rule")

    @cached_property
    def events(self) -> pd.DataFrame:
        """Every claim line, when the scenario asked for them (``[record] events = true``)."""
        return self._frame("events")

    @cached_property
    def panel(self) -> pd.DataFrame:
        """One row a week and followed patient, when the scenario asked for a panel (``[record] panel = 500``)."""
        return self._frame("panel")

    @cached_property
    def map(self) -> pd.DataFrame:
        """One row a week, cell, kind of event and site, when the scenario asked for it (``[record] map = true``)."""
        return self._frame("map")

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Cells of the map at the start of the run."""
        return self._frame("cells")

    @cached_property
    def communes(self) -> pd.DataFrame:
        """Communes of the map at the start of the run."""
        return self._frame("communes")

    @cached_property
    def sites(self) -> pd.DataFrame:
        """Main sites of teams, and hospitals, on the map."""
        return self._frame("sites")

    def describe(self, table: str) -> pd.DataFrame:
        """Unit and label of every column of a table, by name of the column, in the language in use.

        Raises:
            RunError: when the run has no such table.
        """
        columns = pd.DataFrame(self._declared(table)["columns"], columns=["name", "unit", "label"])
        columns["label"] = [label(text) for text in columns["label"]]
        columns["unit"] = [label(unit) for unit in columns["unit"]]
        return columns.set_index("name")

    def plot(self, name: str = "overview") -> "Figure":
        """One figure of the run, by name (``results.figures.FIGURES``).

        Raises:
            RunError: when there is no such figure, with the nearest name.
        """
        from results.figures import draw  # imported here: matplotlib is slow to start and tables need none of it

        return draw(self, name).figure

    def figures(self, folder: Path | str, dpi: int = 200) -> list[Path]:
        """Write every figure into ``folder`` as PNG and SVG, each with its description as text; the files written."""
        from results.figures import write_all

        return write_all(self, Path(folder), dpi=dpi)

    def _declared(self, table: str) -> dict[str, Any]:
        found: dict[str, Any] | None = self.manifest["tables"].get(table)
        if found is None:
            raise RunError(
                _(
                    '{path}: the run has no table "{table}". Its tables: {tables}.',
                    path=self.path,
                    table=table,
                    tables=", ".join(self.tables),
                )
            )
        return found

    def _frame(self, table: str) -> pd.DataFrame:
        file = self.path / self._declared(table)["file"]
        try:
            return pd.read_parquet(file)
        except (OSError, ValueError) as error:
            raise RunError(_("{path}: the table cannot be read ({reason}).", path=file, reason=error)) from error


def open_run(path: Path | str) -> Run:
    """Open a whole run.

    Args:
        path: the folder of the run (or its manifest).

    Raises:
        RunError: when there is no whole run there: nothing, a run being written, or files that are missing or cut.
    """
    folder = Path(path)
    if folder.name == MANIFEST:
        folder = folder.parent
    if _is_temporary(folder):
        raise RunError(
            _("{path}: this run was never finished, or is still being written. Open a finished run.", path=folder)
        )
    if not folder.is_dir():
        raise RunError(
            _('{path}: there is no such folder. Did you mean "{nearest}"?', path=folder, nearest=near)
            if (near := _nearest(folder))
            else _("{path}: there is no such folder. Expected the folder of a run.", path=folder)
        )
    manifest = _manifest(folder)
    for table in manifest["tables"].values():
        file = folder / table["file"]
        if not file.is_file() or file.stat().st_size != table["bytes"]:
            raise RunError(_("{path}: the file is missing or cut; the run is not whole.", path=file))
    return Run(folder, manifest)


def list_runs(folder: Path | str) -> list[Run]:
    """Every whole run directly inside ``folder``, in order of their names; what is not one is passed over."""
    place = Path(folder)
    runs = []
    for child in sorted(place.iterdir()) if place.is_dir() else []:
        if child.is_dir():
            try:
                runs.append(open_run(child))
            except RunError:
                continue
    return runs


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder, once it is known to be one that this version reads."""
    file = folder / MANIFEST
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RunError(
            _(
                "{path}: this is not a run: it has no manifest.json. Expected a folder written by careteams run.",
                path=folder,
            )
        ) from None
    except (OSError, ValueError) as error:
        raise RunError(_("{path}: the manifest cannot be read ({reason}).", path=file, reason=error)) from error
    known = isinstance(content, dict) and {"format", "run_id", "scenario", "seed", "weeks", "tables"} <= content.keys()
    if not known:
        raise RunError(_("{path}: this is not the manifest of a run.", path=file))
    if content["format"] > FORMAT:
        raise RunError(
            _(
                "{path}: the run has format {found}, this version reads up to {known}. Update careteams.",
                path=file,
                found=content["format"],
                known=FORMAT,
            )
        )
    manifest: dict[str, Any] = content
    return manifest


def _is_temporary(folder: Path) -> bool:
    return folder.name.startswith(".") and folder.suffix in (".tmp", ".old")


def _nearest(folder: Path) -> str | None:
    """The name beside ``folder`` that is closest to it."""
    if not folder.parent.is_dir():
        return None
    names = [child.name for child in folder.parent.iterdir() if child.is_dir() and not child.name.startswith(".")]
    close = difflib.get_close_matches(folder.name, names, n=1)
    return close[0] if close else None

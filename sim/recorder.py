"""The recorder: what a run leaves behind, week by week, in a folder that is whole or absent (design 5).

    with Recorder(world, spec, Path("results/runs/village")) as recorder:
        for _ in range(weeks):
            ...                                  # one week of the model
            recorder.week(world, events)
        place = recorder.finish({"notes": notes})

Leaving the ``with`` block before :meth:`Recorder.finish` removes everything that was written.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from agents import hospitals, nurses, physicians, support, teams
from agents.declarations import Column, Table
from agents.patients import AGE_BANDS, NEEDS, PRIORITIES
from agents.tasks import TASKS
from agents.teams import SHARING_RULES
from sim import events as ev
from sim.accounts import Accounts
from sim.deciding.diary import COLUMNS as DIARY_COLUMNS
from sim.deciding.diary import Diary
from sim.measures import MEASURES
from sim.payment import record
from sim.payment.reform import fees_of
from sim.payment.sharing.year import SALARIED
from sim.payment.stacked import Block, as_arrow
from sim.recording import manifest as identity
from sim.recording import territory as weekly
from sim.recording import weekly_map
from sim.recording.accounts import AccountsTable
from sim.recording.dyads import COLUMNS as DYAD_COLUMNS
from sim.recording.dyads import dyad_block
from sim.recording.folder import MANIFEST, RunFolder, writing
from sim.recording.patients import PANEL, SPENDING_COLUMNS, Panel, concentration
from sim.recording.places import described_places, write_places
from sim.recording.tables import WEEK, YEAR, Description, TableWriter, described, key_column, write_table
from sim.specification import ScenarioSpec
from sim.treasury import Treasury
from sim.world import World

_AGENTS: Final[Mapping[str, tuple[str, tuple[Column, ...], dict[str, tuple[str, ...]]]]] = {
    "physicians": ("physician", physicians.COLUMNS, {}),
    "nurses": ("nurse", nurses.COLUMNS, {"kind": nurses.KINDS}),
    "support": ("support", support.COLUMNS, {"role": support.ROLES}),
    "hospitals": ("hospital", hospitals.COLUMNS, {}),
    "teams": ("team", teams.COLUMNS, {"kind": teams.KINDS}),
}
"""Key, declared columns and names of codes of every table of professionals."""

_EVENT_NAMES: Final = {
    "kind": ev.KINDS,
    "code": ev.CODES,
    "need": NEEDS,
    "task": TASKS,
    "priority": PRIORITIES,
    "channel": ev.CHANNELS,
    "scope": ev.SCOPES,
    "cause": ev.CAUSES,
    "payee_kind": ev.PAYEES,
    "age_band": AGE_BANDS,
}


ACCOUNT_LEVELS: Final = ("physician", "team", "territory")
"""Levels whose accounts are written."""

_ACCOUNT_KEYS: Final[dict[str, Description]] = {
    "year": {"unit": "year", "label": "year of the run"},
    "level": {"unit": "", "label": "whose account: physician, team, territory, ..."},
    "owner": {"unit": "", "label": "row of the owner in the table of that level"},
}


FRAMES: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    **record.TABLES, "decisions": DIARY_COLUMNS, "dyads": DYAD_COLUMNS,
}  # fmt: skip
"""Tables that are gathered year by year and written once: unit and label of each column."""


def _declared(names: Iterable[str]) -> dict[str, Description]:
    """Unit and label of account columns: those of the declared measure of that name."""
    return {
        name: {"unit": MEASURES[name].unit, "label": MEASURES[name].label}
        if name in MEASURES
        else {"unit": "", "label": name.replace("_", " ")}
        for name in map(str, names)
    }


def described_tables() -> dict[str, list[Description]]:
    """Unit and label of every column that a run may hold, by table, without a run."""
    tables = {"territory": weekly.COLUMNS, "spending": SPENDING_COLUMNS, "panel": PANEL, "events": ev.COLUMNS,
              "map": weekly_map.COLUMNS}  # fmt: skip
    when = ("week", "year")  # written first in every table, whether it has such columns of its own or not
    found = {
        name: described([WEEK, YEAR, *(c for c in columns if c.name not in when)]) for name, columns in tables.items()
    }
    for name, (key, columns, _) in _AGENTS.items():
        found[name] = described([WEEK, YEAR, *key_column(key, name), *(c for c in columns if c.recorded)])
    accounts = _declared(MEASURES) | _ACCOUNT_KEYS
    return found | described_places() | {"accounts": [texts | {"name": name} for name, texts in accounts.items()]}


class Recorder:
    """Writes the tables of one run.

    Attributes:
        folder: where the run will be found once it is whole; its final name after :meth:`finish`.
    """

    def __init__(
        self, world: World, spec: ScenarioSpec, folder: Path | str, *, panel: int = 0, events: bool = False,
        map_of_weeks: bool = False,
    ) -> None:  # fmt: skip
        """Make the temporary folder of the run.

        Args:
            world: the world before its first recorded week.
            spec: the resolved scenario.
            folder: final place of the run; its parents are made.
            panel: number of patients followed week by week.
            events: whether every claim line is written.
            map_of_weeks: whether it is written where people wait, and from where contacts flow to whom.

        Raises:
            Mistake: when the folder cannot be written.
        """
        self._started = identity.now()
        self._world, self._spec = world, spec
        self._folder = RunFolder(Path(folder))
        self.folder = self._folder.target
        self._first_week = world.week
        self._weeks = 0
        self._closed_year: int | None = None
        self._accounts = AccountsTable()
        self._account_columns: dict[str, Description] = {}
        self._blocks: dict[str, list[Block]] = {}
        self._panel = Panel(world, panel) if panel else None
        self._people: tuple[int, NDArray[Any]] | None = None
        self._origin = identity.origin(world, spec)
        self._writers = self._tables(bool(panel), events, map_of_weeks)

    def week(self, world: World, events: Table, flows: Mapping[str, ArrayLike] | None = None) -> None:
        """Record the week that has just passed (``world.week`` already counts it).

        Args:
            world: the world after the week.
            events: the week's claim lines.
            flows: what only the model counts, by territory: ``births``, ``deaths``, ``moves_in``, ``moves_out``,
                ``people``.

        Raises:
            Mistake: when the disk is full.
        """
        self._world = world
        self._weeks += 1
        week = world.week - 1
        year = world.year_of(week)
        snapshots: dict[str, Table] = {name: getattr(world, name) for name in _AGENTS}
        snapshots["territory"] = weekly.territory_rows(world, events, self._with_people(world, flows or {}))
        snapshots["events"] = events
        if self._panel:
            snapshots["panel"] = self._panel.snapshot(world)
        if "map" in self._writers:
            snapshots["map"] = weekly_map.map_rows(world, events)
        with writing(self.folder):
            for name, writer in self._writers.items():
                if name in snapshots:
                    writer.add(week, year, snapshots[name])

    def _with_people(self, world: World, flows: Mapping[str, ArrayLike]) -> Mapping[str, ArrayLike]:
        """The flows, and the people alive: counted once, from then on known by who came and went each week."""
        if "people" in flows or not all(column.name in flows for column in weekly.FLOWS):
            return flows
        if self._people and self._people[0] == world.week - 1:
            births, deaths, moves_in, moves_out = (np.asarray(flows[column.name]) for column in weekly.FLOWS)
            people = self._people[1] + births + moves_in - deaths - moves_out
        else:
            people = weekly.inhabitants_alive(world)
        self._people = world.week, people
        return {**flows, "people": people}

    def year(self, frame: pd.DataFrame, year: int, columns: Mapping[str, Description] | None = None) -> None:
        """Record the accounts of a year at one level, and (once a year) how spending is spread over people.

        Args:
            frame: measures of the year, one row an owner; the index bears the name of the level
                (``Accounts.frame(year, by)``). Levels share one table, with columns ``level`` and ``owner``.
            year: year of the run.
            columns: unit and label of columns that are not declared measures, by column.

        Raises:
            Mistake: when the disk is full.
        """
        level = "" if frame.index.name is None else str(frame.index.name)
        self._accounts.add(year, level, {str(name): values.to_numpy() for name, values in frame.items()})
        self._account_columns.update(columns or {})
        self._spending(year)

    def accounts(self, accounts: Accounts, year: int) -> None:
        """Record the accounts of a closed year at every level that is kept, and how spending is spread.

        Raises:
            Mistake: when the disk is full.
        """
        for level in ACCOUNT_LEVELS:
            columns = accounts.columns(year, level)
            owners = np.arange(accounts.year(year).sizes[level])
            self._accounts.add(year, level, {**columns, "level": np.full(len(owners), level), "owner": owners})
        self._spending(year)

    def payments(self, treasury: Treasury, year: int) -> None:
        """Record what the contracts paid for a year, with the rules and the values behind it.

        Args:
            treasury: the contracts, which have settled the year last.
            year: year of the run.
        """
        settled = treasury.settled[year]
        teams = [group.teams for group in treasury.groups]
        shares = [(n, group.shares[year]) for n, group in enumerate(treasury.groups) if year in group.shares]
        pages = list(record.pages_of(settled, shares))
        rules = [rule for rule in SHARING_RULES if rule != SALARIED]
        tried = [
            (rule, teams[n], otherwise)
            for n, own in shares if any(own.paid_in.values())
            for rule, otherwise in treasury.shared_otherwise(n, rules)
        ]  # fmt: skip
        self._keep("payments", record.payment_blocks(settled, year, teams))
        self._keep("shares", record.share_blocks(shares, year, teams))
        self._keep("incomes_by_rule", record.by_rule_blocks(tried, year))
        self._keep("payment_rules", record.rule_blocks(pages, year, fees_of(treasury.specification)))
        self._keep("payment_values", record.value_blocks(pages, year))

    def decided(self, diary: Diary, world: World, year: int) -> None:
        """Record what was decided up to the end of a year, and who hands what to whom then.

        Args:
            diary: the diary, which is empty afterwards.
            world: the world as the year ends.
            year: year of the run.
        """
        self._keep("decisions", diary.taken())
        self._keep("dyads", [dyad_block(world, year)])

    def _keep(self, table: str, blocks: Iterable[Block]) -> None:
        """Keep blocks of a table that is written when the run ends: a frame costs as much for a year as for all."""
        self._blocks.setdefault(table, []).extend(blocks)

    def _spending(self, year: int) -> None:
        """Record, once a year, how spending is spread over people."""
        if year == self._closed_year:
            return
        self._closed_year = year
        with writing(self.folder):
            self._writers["spending"].add(self._world.week - 1, year, concentration(self._world))

    def finish(self, facts: Mapping[str, Any] | None = None) -> Path:
        """Write the manifest, move the run to its final name and return that name.

        Args:
            facts: what else the manifest should tell: ``notes`` on the territory and its licences (sentences), and
                anything else under its own name.

        Raises:
            Mistake: when the disk is full or the folder cannot be written.
        """
        with writing(self.folder):
            for writer in self._writers.values():
                writer.close()
            tables = {name: (writer.rows, described(writer.columns)) for name, writer in self._writers.items()}
            tables |= write_places(self._world, self._folder.path, self._origin)
            if len(self._accounts):
                tables["accounts"] = self._write_accounts()
            tables |= self._write_frames()
            content = self._manifest(tables, facts or {})
            text = json.dumps(identity.plain(content), indent=2, ensure_ascii=False)
            (self._folder.path / MANIFEST).write_text(text + "\n", encoding="utf-8")
        self.folder = self._folder.publish(str(content["run_id"]))
        return self.folder

    def abandon(self) -> None:
        """Remove the temporary folder; a finished run stays."""
        for writer in self._writers.values():
            writer.discard()
        self._folder.remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abandon()

    def _tables(self, panel: bool, events: bool, map_of_weeks: bool) -> dict[str, TableWriter]:
        """The writers of every weekly table."""

        def file(name: str) -> Path:
            return self._folder.path / f"{name}.parquet"

        writers = {"territory": TableWriter(file("territory"), weekly.COLUMNS)}
        for name, (key, columns, names) in _AGENTS.items():
            kept = [c for c in columns if c.recorded]
            writers[name] = TableWriter(file(name), kept, key=key, names=names)
        writers["spending"] = TableWriter(file("spending"), SPENDING_COLUMNS)
        if panel:
            writers["panel"] = TableWriter(file("panel"), PANEL)
        if events:
            writers["events"] = TableWriter(file("events"), ev.COLUMNS, names=_EVENT_NAMES)
        if map_of_weeks:
            writers["map"] = TableWriter(file("map"), weekly_map.COLUMNS, names={"what": weekly_map.WHAT})
        for writer in writers.values():
            writer.origin = self._origin
        return writers

    def _write_accounts(self) -> tuple[int, list[Description]]:
        table = self._accounts.table(_ACCOUNT_KEYS).replace_schema_metadata(dict(self._origin))
        write_table(table, self._folder.path / "accounts.parquet")
        columns = _declared(table.column_names) | _ACCOUNT_KEYS | self._account_columns
        return len(table), [columns[name] | {"name": name} for name in table.column_names]

    def _write_frames(self) -> dict[str, tuple[int, list[Description]]]:
        written: dict[str, tuple[int, list[Description]]] = {}
        for name, columns in FRAMES.items():
            if name in self._blocks:
                table = as_arrow(self._blocks[name], list(columns), self._origin)
                write_table(table, self._folder.path / f"{name}.parquet")
                labels = columns.items()
                written[name] = len(table), [{"name": n, "unit": unit, "label": label} for n, (unit, label) in labels]
        return written

    def _manifest(
        self, tables: Mapping[str, tuple[int, list[Description]]], facts: Mapping[str, Any]
    ) -> dict[str, Any]:
        """All that a reader must know of the run, without the code that made it."""
        world, ended = self._world, identity.now()
        return {
            "format": identity.FORMAT,
            **identity.identity(self._spec, world.parameters, world.seed),
            "scenario": self._spec,
            "parameters": self._spec.parameters,
            "start": world.day(world.warm_up_weeks),
            "first_week": self._first_week,
            "weeks": self._weeks,
            "warm_up_weeks": world.warm_up_weeks,
            "territories": [
                {"name": str(t["name"]), "builder": str(t["builder"]), "people": int(t["people"])}
                for t in world.territories
            ],
            "packages": identity.packages(),
            "machine": identity.machine(),
            "started": self._started.isoformat(timespec="seconds"),
            "ended": ended.isoformat(timespec="seconds"),
            "seconds": round((ended - self._started).total_seconds(), 3),
            "tables": {
                name: {
                    "file": f"{name}.parquet",
                    "rows": rows,
                    "bytes": (self._folder.path / f"{name}.parquet").stat().st_size,
                    "columns": columns,
                }
                for name, (rows, columns) in tables.items()
            },
            "notes": list(facts.get("notes", ())),
            "facts": {name: fact for name, fact in facts.items() if name != "notes"},
        }

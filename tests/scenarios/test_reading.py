import tomllib
from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.mistakes import Mistake
from results.messages import rendered, set_language
from scenarios.declared import as_tables, build, declared_keys, homes, key_of, merged
from scenarios.files import PRESETS, parse, presets
from scenarios.overrides import layer, overridden
from scenarios.reading import _resolved, load, load_text
from scenarios.wording import shown, written
from sim.parameters import all_parameters
from sim.payment.contract import USUAL
from sim.specification import POLICIES, Key, ScenarioSpec, TeamSpec, key

BAD = tomllib.loads((Path(__file__).parent / "bad_files.toml").read_text(encoding="utf-8"))["bad"]


def refused(path: str | Path, overrides: list[str] | None = None) -> str:
    with pytest.raises(Mistake) as found:
        load(path, overrides or [])
    assert str(found.value) == rendered(found.value)
    return str(found.value)


@pytest.mark.parametrize("bad", BAD, ids=[bad["why"] for bad in BAD])
def test_a_bad_file_is_refused_in_one_line_that_says_what_is_wrong(bad: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    text = bad.get("text", 'extends = "default"')
    if "repeat" in bad:
        before, repeated, times = bad["repeat"]
        text = before + repeated * times
    path.write_text(text, encoding="utf-8")
    message = refused(path, bad.get("set"))
    for fragment in bad["says"]:
        assert fragment.replace("{file}", str(path)) in message
    assert "\n" not in message
    assert len(message) < 900


def test_there_are_at_least_forty_kinds_of_bad_file() -> None:
    assert len({bad["why"] for bad in BAD}) == len(BAD) >= 40


def test_what_is_not_a_text_file_is_refused(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes("years = 2\nname = 'Cam\u00e9lias'\n".encode("latin-1"))
    assert refused(latin) == f"{latin}: line 2 is not UTF-8; save the file in UTF-8."
    assert refused(tmp_path) == f"{tmp_path}: this is a folder; give a TOML file."
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 6_000_000)
    assert refused(large) == f"{large}: too large for such a file."
    assert 'Did you mean the preset "agapanthes"?' in refused("agapanthe")
    assert "Presets: agapanthes, asalee_town, baseline" in refused("qqqqqqqq.toml")
    assert "no such file or preset" in refused("a\0b")
    assert "no such file or preset" in refused("")
    assert "no such file or preset" in refused("x" * 10_000)


def test_a_circle_of_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('extends = "b.toml"')
    (tmp_path / "b.toml").write_text('extends = "a.toml"')
    assert refused(tmp_path / "a.toml").endswith('b.toml: extends = "a.toml" goes round in a circle.')


def test_a_mistake_in_the_extended_file_names_that_file(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text("yeras = 3")
    (tmp_path / "top.toml").write_text('extends = "base.toml"')
    assert refused(tmp_path / "top.toml").startswith(f'{tmp_path / "base.toml"}: the key "yeras"')


def test_a_file_may_be_a_diff_of_a_preset(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    text = 'extends = "default"\nwithout = ["solo_6"]\nyears = 7\n[team.msp]\nphysicians = 6\n'
    file.write_text(text + "[territory]\narea_types = {T4 = 1}")
    mine, base = load(file), load("default")
    assert mine.name == "mine"
    assert mine.title == {}
    assert mine.years == 7
    assert mine.territory.area_types == {"T4": 1.0}
    assert mine.territory.people == base.territory.people
    assert mine.teams["msp"].physicians == 6
    assert mine.teams["msp"].liberal_nurses == base.teams["msp"].liberal_nurses
    assert set(base.teams) - set(mine.teams) == {"solo_6"}


def test_data_files_are_found_beside_the_scenario_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "grid.csv").write_text("invented")
    file = tmp_path / "mine.toml"
    file.write_text('[territory]\nbuilder = "insee"\nfilosofi = "grid.csv"')
    assert Path(load(file).territory.filosofi) == tmp_path / "grid.csv"


def test_a_parameter_may_be_written_in_three_ways(tmp_path: Path) -> None:
    for text in ('"choice.travel_minute" = -0.1', "choice.travel_minute = -0.1", "choice = {travel_minute = -0.1}"):
        assert load_text(f"[parameters]\n{text}", "text").parameters == {"choice.travel_minute": -0.1}


@pytest.mark.parametrize("name", presets())
def test_every_preset_loads_and_says_what_it_is_in_two_languages(name: str) -> None:
    spec = load(name)
    assert spec.name == name
    assert set(spec.title) == set(spec.description) == {"en", "fr"}
    assert all(spec.title.values())
    contracts = [team.contract or USUAL[team.kind] for team in spec.teams.values()]
    assert all(contract[0] == "fee_for_service" for contract in contracts)
    assert build(as_tables(spec), ScenarioSpec) == spec


def test_the_presets_of_the_design_are_all_there() -> None:
    fields = {"agapanthes", "camelias", "sureaux", "bougainvilliers", "orchidees", "grezilhac"}
    wanted = {"default", "health_centre", *fields}
    assert wanted | {f"msp{i}" for i in range(1, 7)} <= set(presets())


def test_the_default_territory_is_that_of_the_design() -> None:
    spec = load("default")
    assert spec.territory.people == 23_000
    assert sum(team.physicians for team in spec.teams.values()) == 18
    assert sum(team.secretaries for team in spec.teams.values()) == 8
    assert [team.kind for team in spec.teams.values()].count("solo") == 6


def test_the_control_arms_have_the_people_of_the_default_and_no_collective_money() -> None:
    default = load("default")
    for name in ("grouped_no_money", "solo_only"):
        arm = load(name)
        assert arm.territory == default.territory
        assert sum(t.physicians for t in arm.teams.values()) == sum(t.physicians for t in default.teams.values())
        assert sum(t.secretaries for t in arm.teams.values()) == pytest.approx(8, abs=0.5)
        assert all("aci_msp" not in t.contract for t in arm.teams.values())
    assert "aci_msp" not in load("baseline").teams["msp"].contract
    assert "aci_msp" in default.teams["msp"].contract


@pytest.mark.parametrize(
    ("override", "read"),
    [
        ("team.agapanthes.physicians=5", lambda s: s.teams["agapanthes"].physicians == 5),
        ("territory.people=6000", lambda s: s.territory.people == s.territory.town == 6000),
        ("parameters.choice.travel_minute=-0.1", lambda s: s.parameters == {"choice.travel_minute": -0.1}),
        ("choice.travel_minute=-0.1", lambda s: s.parameters == {"choice.travel_minute": -0.1}),
        ("team.agapanthes.delegation.k02.share=0.3", lambda s: s.teams["agapanthes"].delegation["k02"].share == 0.3),
        ("team.agapanthes.sharing_rule=equal", lambda s: s.teams["agapanthes"].sharing_rule == "equal"),
        ("team.agapanthes.sharing_rule = 'equal'", lambda s: s.teams["agapanthes"].sharing_rule == "equal"),
        ("start=2024-01-01", lambda s: s.start == date(2024, 1, 1)),
        ("name=my own", lambda s: s.name == "my own"),
        ("record.events=true", lambda s: s.record.events is True),
        ("territory.area_types={T1 = 1}", lambda s: s.territory.area_types == {"T1": 1.0}),
    ],
)  # fmt: skip
def test_one_value_may_be_changed_from_outside(override: str, read: Any) -> None:
    assert read(load("agapanthes", [override]))


@pytest.mark.parametrize("key", ["gps_per_10000", "nurses_per_10000", "share_65_plus"])
def test_a_key_of_the_scenario_comes_before_a_parameter_of_the_same_name(key: str) -> None:
    name = f"territory.{key}"
    assert name in all_parameters()
    assert getattr(load("default", [f"{name}=0.25"]).territory, key) == 0.25
    by_type = list(all_parameters()[name].value)
    for said in (name, f"parameters.{name}"):
        spec = load("default", [f"{said}={by_type}"])
        assert spec.parameters[name] == by_type
        assert getattr(spec.territory, key) == getattr(load("default").territory, key)


def test_every_key_of_a_table_can_be_said_in_short() -> None:
    tables = {name: kind for name, (_, kind) in declared_keys(ScenarioSpec).items() if is_dataclass(kind)}
    assert set(tables) == {"territory", "payer", "record"}
    for name, kind in tables.items():
        for own, (_, hint) in declared_keys(cast(type, kind)).items():
            value = {list: "[]", dict: "{}"}.get(get_origin(hint), "1")
            assert list(layer(f"{name}.{own}={value}", [])) == [name], own


def test_a_rule_of_the_users_own_may_be_in_a_contract() -> None:
    rule = "sim.payment.paerpa:Paerpa"
    spec = load("default", [f"team.msp.contract=['rosp', '{rule}']"])
    assert spec.teams["msp"].contract == ["rosp", rule]
    with pytest.raises(Mistake, match=r"mine\.rules"):
        load("default", ["team.msp.contract=['rosp', 'mine.rules:Mine']"])


def test_overrides_follow_each_other_and_leave_the_scenario_alone() -> None:
    spec = load("agapanthes")
    assert overridden(spec, []) is spec
    for text in ('without=["lilas"]', "extends=camelias", "reforms=[]"):
        with pytest.raises(Mistake, match="is read at the top of a scenario file only"):
            overridden(spec, [text])
    changed = overridden(spec, ["years=3", "years=4", "seed=9"])
    assert (changed.years, changed.seed) == (4, 9)
    assert spec.years == 2
    assert as_tables(changed)["team"] == as_tables(spec)["team"]


def test_every_key_is_checked_by_its_declaration_alone() -> None:
    for spec in (TeamSpec, ScenarioSpec):
        for name, (declared, hint) in declared_keys(spec).items():
            assert isinstance(key_of(declared), Key)
            assert key_of(declared).label
            assert name in homes()
            if hint in (int, float):
                assert key_of(declared).low is not None, name


def test_a_key_added_to_the_declarations_needs_no_other_edit() -> None:
    from dataclasses import make_dataclass

    from scenarios.declared import check

    larger = make_dataclass("Larger", [("bicycles", int, key(0, "bicycles", low=0, high=3))], frozen=True)
    check({"bicycles": 2}, "file", larger)
    assert build({"bicycles": 2}, larger).bicycles == 2
    with pytest.raises(Mistake, match="bicycles = 4 is outside its range, 0 to 3"):
        check({"bicycles": 4}, "file", larger)
    with pytest.raises(Mistake, match='Did you mean "bicycles"'):
        check({"bicycle": 4}, "file", larger)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("pesp.cap=0.2", "peps"),
        ("practise.slot_agenda=20", "practice"),
        ("fes.G=30", "fees"),
        ("teem.a.nurses=1", "team"),
    ],
)
def test_the_first_word_of_an_override_is_looked_for_among_rules_parameters_and_tables(said: str, meant: str) -> None:
    with pytest.raises(Mistake, match=f'--set {said}: the key .* is not known here. Did you mean "{meant}"'):
        load("agapanthes", [said])


def test_no_rule_is_named_twice() -> None:
    assert len(set(POLICIES)) == len(POLICIES)


def test_a_reform_of_the_law_is_a_parameter() -> None:
    from agents.nurses import KINDS
    from agents.tasks import OPEN, TASKS
    from sim.parameters import all_parameters

    scope = [list(row) for row in all_parameters()["tasks.scope"].value]
    scope[TASKS.index("k01")][KINDS.index("asalee")] = OPEN
    team = (
        "[team.lilas]\nkind = 'msp'\nphysicians = 2\nasalee_fte = 1.0\n"
        "[team.lilas.delegation.k01]\nshare = 0.2\nnurse = 'asalee'\n"
    )
    with pytest.raises(Mistake, match='the law closes k01 to nurse = "asalee"'):
        load_text(team, "reform.toml")
    reformed = load_text(f"{team}[parameters]\ntasks.scope = {scope}\n", "reform.toml")
    assert reformed.teams["lilas"].delegation["k01"].share == 0.2


def test_messages_are_said_in_french() -> None:
    try:
        set_language("fr")
        with pytest.raises(Mistake) as found:
            load_text("[team.lilas]\nsharing_rule = 'equale'", "village.toml")
        text = rendered(found.value).replace("\u00a0", " ").replace("\u202f", " ")
    finally:
        set_language("en")
    where, problem = 'village.toml : équipe « lilas » : sharing_rule = "equale"', "n'existe pas."
    assert text.startswith(f"{where} {problem} Vouliez-vous dire « equal » ? Règles connues : equal,")


def test_a_value_is_shown_as_its_author_wrote_it() -> None:
    assert shown([True, 1.5, "a", {"b": date(2021, 1, 4)}]) == '[true, 1.5, "a", {b = 2021-01-04}]'
    assert len(shown("x" * 1000)) == 60
    assert len(written("x" * 1000)) == 1002


# Fuzzing: whatever a file holds, a scenario or one Mistake comes out.

SCALARS = st.one_of(
    st.integers(), st.integers(min_value=-3, max_value=30), st.floats(), st.booleans(), st.text(max_size=8), st.dates(),
    st.datetimes(), st.times(), st.sampled_from(["msp", "T1", "k02", "asalee", "default", "synthetic", "epci"]),
)  # fmt: skip
NAMES = st.one_of(
    st.text(max_size=6),
    st.sampled_from(sorted(homes())),
    st.sampled_from(["k02", "T1", "en", "lilas", "NAME", "choice", "choice.travel_minute", "peps"]),
)
TABLES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=5)),
    max_leaves=12,
)
VALID = [as_tables(load(name)) for name in ("default", "agapanthes", "health_centre")]


def tried(read: Callable[[], ScenarioSpec]) -> None:
    """A scenario or a mistake on one line; any other exception escapes and fails the test."""
    found: ScenarioSpec | Mistake
    try:
        found = read()
    except Mistake as mistake:
        found = mistake
    if isinstance(found, Mistake):
        assert "\n" not in rendered(found)
        assert len(rendered(found)) < 3000
    else:
        assert isinstance(found, ScenarioSpec)


def tried_tables(raw: dict[str, Any]) -> None:
    """Read tables that a TOML file could hold."""
    tried(lambda: _resolved(raw, "fuzz", Path("/nowhere/fuzz.toml"), []))


@settings(max_examples=100, derandomize=True)
@given(st.dictionaries(NAMES, TABLES, max_size=6))
def test_any_tables_give_a_scenario_or_a_mistake(raw: dict[str, Any]) -> None:
    tried_tables(raw)


@settings(max_examples=100, derandomize=True)
@given(st.data())
def test_any_mutation_of_a_good_scenario_gives_a_scenario_or_a_mistake(data: st.DataObject) -> None:
    raw = merged({}, data.draw(st.sampled_from(VALID)))
    table: dict[str, Any] = raw
    while True:
        name = data.draw(st.sampled_from(sorted(table)))
        inner = table[name]
        if isinstance(inner, dict) and inner and data.draw(st.booleans()):
            table[name] = dict(inner)
            table = table[name]
            continue
        break
    change = data.draw(st.sampled_from(["value", "name", "drop", "add"]))
    if change != "add":
        old = table.pop(name)
        if change == "name":
            table[data.draw(NAMES)] = old
        elif change == "value":
            table[name] = data.draw(TABLES)
    else:
        table[data.draw(NAMES)] = data.draw(TABLES)
    tried_tables(raw)


@settings(max_examples=100, derandomize=True)
@given(
    content=st.one_of(
        st.binary(max_size=200), st.text(alphabet="[]{}=\"'.,\n abk019_#\\-", max_size=80).map(str.encode)
    )
)
def test_any_bytes_give_a_scenario_or_a_mistake(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.toml"
    path.write_bytes(content)
    tried(lambda: load(path))


@settings(max_examples=100, derandomize=True)
@given(st.data())
def test_any_cut_or_damage_of_a_preset_gives_a_scenario_or_a_mistake(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray((PRESETS / f"{data.draw(st.sampled_from(presets()))}.toml").read_bytes())
    start = data.draw(st.integers(0, len(content) - 1))
    content[start : start + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=6))
    path = tmp_path_factory.getbasetemp() / "damaged.toml"
    path.write_bytes(bytes(content))
    tried(lambda: load(path))


@settings(max_examples=100, derandomize=True)
@given(
    st.one_of(st.text(max_size=40), st.tuples(NAMES, NAMES, st.text(max_size=8)).map(lambda t: f"{t[0]}.{t[1]}={t[2]}"))
)
def test_any_override_gives_a_scenario_or_a_mistake(text: str) -> None:
    tried(lambda: load("agapanthes", [text]))


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "bom.toml"
    path.write_bytes(b"\xef\xbb\xbfyears = 3\n")
    assert parse(path, "bom") == {"years": 3}

"""National norms: the regression on made-up nations, the digest that knows them, where they are found, a tiny study."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.mistakes import Mistake
from scenarios.cli import main
from scenarios.norms import Design, declared_design, find, finding, key_of, make, make_ready, needs_norms, norms_for
from scenarios.norms.content import class_means, indicators, indicators_of_physicians, totals
from scenarios.norms.counting import ReferenceAccounts
from scenarios.norms.estimation import Worlds, norms_of, weighted_quantiles, worlds_of
from scenarios.norms.reference import POVERTY, columns, reference_study
from scenarios.norms.regression import covariates, credibilities, fitted, log_linear
from scenarios.overrides import overridden
from scenarios.reading import load
from scenarios.study import Study
from sim.parameters import all_parameters
from sim.payment.accounts_of_year import LIST_CLASSES
from sim.payment.norms import Norms
from sim.payment.norms_file import CLASSES, norms_text
from sim.specification import ScenarioSpec

TINY = Design(territories=2, people=1500, years=2, seeds=1, least_patient_years=0, prior_patient_years=1.0)
CLASS_COUNT = len(LIST_CLASSES)


def spread(*shape: int, low: float = 0.5, high: float = 1.5, step: float = 0.7548776662) -> np.ndarray:
    """Numbers that fill a range evenly and look like chance, the same on every machine."""
    return low + (high - low) * ((np.arange(np.prod(shape)) * step) % 1.0).reshape(shape)


# The regression.


def test_the_regression_knows_every_pair_of_covariates() -> None:
    x = covariates()
    assert x.shape[0] == CLASS_COUNT
    assert np.linalg.matrix_rank(x) == x.shape[1] < CLASS_COUNT


def test_the_regression_finds_the_means_that_it_can_represent() -> None:
    means = 100 * np.exp(covariates() @ spread(covariates().shape[1], low=-0.3, high=0.3))
    exposure = spread(CLASS_COUNT, low=1e4, high=1e6)
    found, _ = log_linear(exposure, exposure * means, prior=1.0)
    assert found == pytest.approx(means, rel=1e-3)


def test_the_regression_keeps_totals_of_ages_sexes_illness_and_cover() -> None:
    exposure, totals_of = spread(CLASS_COUNT, low=1e4, high=1e5), spread(CLASS_COUNT, low=1e6, high=9e6)
    found, _ = log_linear(exposure, totals_of, prior=1e-6)
    for group in covariates().T:
        assert (group * exposure * found).sum() == pytest.approx((group * totals_of).sum(), rel=1e-6)


def test_a_class_without_patients_gets_the_mean_of_its_neighbours() -> None:
    exposure, totals_of = np.full(CLASS_COUNT, 1e4), np.full(CLASS_COUNT, 3e6)
    exposure[17] = totals_of[17] = 0.0
    fit = fitted(exposure[None, None], totals_of[None, None], 0, 1.0)
    assert fit.means[17] == pytest.approx(300.0, rel=1e-3)


def test_nothing_counted_gives_nothing() -> None:
    fit = fitted(np.ones((2, 3, CLASS_COUNT)), np.zeros((2, 3, CLASS_COUNT)), 1, 1.0)
    assert (fit.means == 0).all()
    assert (fit.growth == 1).all()


def test_growth_is_found_beside_a_changing_mix_of_classes() -> None:
    means, growth = spread(CLASS_COUNT, low=50, high=900), np.array([0.98, 1.0, 1.03, 1.10])
    patients = spread(5, 4, CLASS_COUNT, low=100, high=9_000)
    fit = fitted(patients, patients * means * growth[None, :, None], 1, 1e-3)
    assert fit.growth == pytest.approx(growth, rel=1e-4)
    assert fit.means == pytest.approx(means, rel=1e-3)


def test_credibility_rises_with_patients_and_stays_between_0_and_1() -> None:
    exposure = np.outer(np.ones(20), np.geomspace(1, 1e5, CLASS_COUNT))
    noise = spread(20, CLASS_COUNT, low=-1.7, high=1.7) / np.sqrt(exposure)
    own = np.where(np.arange(CLASS_COUNT) % 2, 1.3, 0.7)
    weight = credibilities(exposure, exposure * 100 * (own + noise), np.full(CLASS_COUNT, 100.0))
    assert ((weight >= 0) & (weight <= 1)).all()
    assert (np.diff(weight) >= 0).all()
    assert weight[-1] > 0.99
    assert weight[0] < 0.9


# From worlds to norms.

AREAS = np.array([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4, 5, 5])
MEANS = 100 * np.exp(covariates() @ spread(covariates().shape[1], low=-0.2, high=0.2))


def nation(noise: float = 0.0, years: int = 4) -> Worlds:
    """A made-up nation whose every mean is ``MEANS``, growing by 2 % a year, give or take what worlds differ by."""
    patients = np.round(spread(len(AREAS), years, CLASS_COUNT, low=5, high=400))
    place = 1 + noise * (spread(len(AREAS)) - 1)
    growth = 1.02 ** np.arange(-1, years - 1)
    sums = patients * MEANS * growth[None, :, None] * place[:, None, None]
    bands = np.stack([patients * 0.2, patients * 0.3, patients * 0.5], axis=2)
    spending = sums.sum(axis=2)[:, :, None] * np.array([0.2 * 1.1, 0.3, 0.5 * 0.96])
    people = patients.sum(axis=2)
    added = {name: 0.1 * people * (1 + spread(len(AREAS), years, step=0.569)) for name in totals()}
    added |= {"residents": people / 0.8, "registered_list": people, POVERTY: np.full(people.shape, 0.14)}
    points = np.sort(spread(len(AREAS), years, 25), axis=2)
    return Worlds(
        area=AREAS, share=np.asarray(all_parameters()["territory.population_share"].value), registered=patients,
        sums=dict.fromkeys(class_means(), sums), bands=bands, spending=spending, totals=added,
        points=dict.fromkeys(indicators_of_physicians(), (points, np.full(people.shape, 8.0))),
    )  # fmt: skip


@pytest.fixture(scope="module")
def norms() -> Norms:
    return norms_of(nation(noise=0.1), "d", 2021, 1.0, {"start": date(2021, 1, 4)})


def test_a_nation_without_noise_is_found_as_it_is() -> None:
    found = norms_of(nation(), "d", 2021, 1.0, {})
    assert found.of_classes("spending", 2021) == pytest.approx(MEANS, rel=1e-3)
    assert found.trend["spending"] == pytest.approx(1.02, rel=1e-6)
    assert found.growth["gp_fees"] == pytest.approx({2020: 1 / 1.02, 2021: 1, 2022: 1.02, 2023: 1.02**2}, rel=1e-6)
    assert found.numbers["spending_apl_0"] == pytest.approx(1.1, rel=1e-3)
    assert found.numbers["spending_apl_2"] == pytest.approx(0.96, rel=1e-3)
    assert found.of_areas("spending_factor") == pytest.approx(1.0, rel=1e-3)
    assert found.standard_errors["by_class"]["spending"] == pytest.approx(0.0, abs=0.2)


def test_living_area_types_weigh_as_in_the_nation() -> None:
    worlds = nation()
    people = worlds.totals["residents"].mean(axis=1) * worlds.weights()
    shares = np.bincount(AREAS, weights=people) / people.sum()
    assert shares == pytest.approx(worlds.share / worlds.share.sum())


def test_what_is_expected_of_the_nation_is_what_it_spends(norms: Norms) -> None:
    worlds = nation(noise=0.1)
    weights = worlds.weights()[:, None, None]
    growth = np.array([norms.grown("spending", year) for year in range(2020, 2024)])
    expected = (weights * worlds.registered * growth[None, :, None] * norms.by_class["spending"]).sum()
    assert expected == pytest.approx((weights * worlds.sums["spending"]).sum())
    assert norms.by_class["share"].sum() == pytest.approx(1.0)


def test_standard_errors_grow_with_the_differences_between_worlds(norms: Norms) -> None:
    other = norms_of(nation(noise=0.3), "d", 2021, 1.0, {})
    for part, name in (("by_class", "spending"), ("numbers", "spending"), ("by_area", "gp_fees")):
        small, large = norms.standard_errors[part][name], other.standard_errors[part][name]
        assert np.mean(large) > 2 * np.mean(small) > 0


def test_the_standard_error_of_a_mean_is_that_of_its_worlds(norms: Norms) -> None:
    worlds = nation(noise=0.1)
    w, sums = worlds.weights(), worlds.sums["spending"].sum(axis=(1, 2))
    of_world = sums / worlds.registered.sum(axis=(1, 2))
    variance = 0.0
    for area in range(6):
        alike = worlds.area == area
        patients = (w * worlds.registered.sum(axis=(1, 2)))[alike].sum() / (w @ worlds.registered.sum(axis=(1, 2)))
        variance += patients**2 * of_world[alike].var(ddof=1) / alike.sum()
    assert norms.standard_errors["numbers"]["spending"] == pytest.approx(variance**0.5, rel=0.35)


def test_every_indicator_has_deciles_and_a_national_value(norms: Norms) -> None:
    for name in indicators():
        assert np.isfinite(norms.number(name))
        assert (np.diff(norms.deciles[name]) >= 0).all()
    assert {f"{name}_physicians" for name in indicators_of_physicians()} <= set(norms.deciles)


def test_norms_of_a_nation_survive_their_file(norms: Norms, tmp_path: Path) -> None:
    (tmp_path / "norms.toml").write_text(norms_text(norms), encoding="utf-8")
    read = finding.Found(tmp_path / "norms.toml", "cache").read()
    assert read.of_classes("gp_fees", 2023) == pytest.approx(norms.of_classes("gp_fees", 2023), rel=1e-4)
    assert read.about["worlds"] == len(AREAS)


def test_quantiles_of_weighted_values() -> None:
    values, equal = np.array([4.0, 1.0, 3.0, 2.0, 5.0]), np.ones(5)
    assert weighted_quantiles(values, equal, np.array([0.5])) == pytest.approx([3.0])
    assert weighted_quantiles(values, np.array([9, 0, 0, 0, 0.1]), np.array([0.5])) == pytest.approx([4.0], rel=0.01)
    assert weighted_quantiles(np.array([np.nan]), np.ones(1), np.array([0.5])) is None


# The digest, and which scenarios need norms.


@pytest.fixture(scope="module")
def default() -> ScenarioSpec:
    return load("default")


@pytest.mark.parametrize(
    "change",
    [
        "choice.travel_minute=-0.11", "start=2019-01-07", "years=11", "fees.G=31.0",
        "territory.population_share=[0.2, 0.1, 0.1, 0.1, 0.3, 0.2]",
    ],
)  # fmt: skip
def test_another_world_has_other_norms(default: ScenarioSpec, change: str) -> None:
    assert key_of(overridden(default, [change])) != key_of(default)


@pytest.mark.parametrize(
    "change", ["seed=7", "years=3", "name=other", "territory.people=6000", "record.panel=10", "norms=mine.toml"]
)
def test_the_same_world_has_the_same_norms(default: ScenarioSpec, change: str) -> None:
    key, _, value = change.partition("=")
    changed = replace(default, norms=value) if key == "norms" else overridden(default, [change])
    assert key_of(changed) == key_of(default)


def test_a_parameter_set_to_its_default_changes_nothing(default: ScenarioSpec) -> None:
    value = all_parameters()["choice.travel_minute"].value
    assert key_of(replace(default, parameters={"choice.travel_minute": value})) == key_of(default)


def test_the_size_of_the_study_is_part_of_the_digest(default: ScenarioSpec) -> None:
    assert key_of(default, TINY) != key_of(default)


def test_declared_norms_rest_on_two_million_patient_years() -> None:
    design = declared_design()
    assert design.territories * design.people * design.years * design.seeds >= 2_000_000
    assert design.years >= 2


def test_norms_are_needed_where_a_rule_asks_for_them(default: ScenarioSpec) -> None:
    plain = replace(default, teams={}, default_contract=["fee_for_service"])
    assert not needs_norms(plain)
    assert needs_norms(replace(plain, default_contract=["fee_for_service", "ipep"]))
    assert norms_for(plain) == Norms()


# Where they are found.


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(finding, "SHIPPED", tmp_path / "shipped")
    return tmp_path / "cache" / "careteams" / "norms"


def put(folder: Path, name: str, base_year: int = 2021) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(norms_text(Norms(base_year=base_year)), encoding="utf-8")
    return folder / name


def test_own_norms_come_first_then_shipped_ones_then_the_cache(default: ScenarioSpec, cache: Path) -> None:
    assert find(default) is None
    cached = put(cache, f"{key_of(default)}.toml")
    assert find(default) == finding.Found(cached, "cache")
    shipped = put(finding.SHIPPED, f"{key_of(default)}.toml")
    assert find(default) == finding.Found(shipped, "shipped")
    own = put(cache.parent, "mine.toml")
    assert find(replace(default, norms=str(own))) == finding.Found(own, "own")


def test_norms_that_exist_are_not_made_again(
    default: ScenarioSpec, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(cache, f"{key_of(default)}.toml", 2033)
    monkeypatch.setattr(finding, "make", lambda *_, **__: pytest.fail("made again"))
    make_ready([default, replace(default, seed=3)])
    assert norms_for(replace(default, default_contract=["ipep"])).base_year == 2033


def test_norms_are_made_once_for_each_world(
    default: ScenarioSpec, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr(finding, "make", lambda spec, **_: made.append(key_of(spec)))
    base = replace(default, default_contract=["ipep"])
    other = overridden(base, ["choice.travel_minute=-0.11"])
    own = replace(base, norms="mine.toml", parameters={"choice.travel_minute": -0.09})
    make_ready([base, replace(base, seed=4), other, other, own, replace(default, teams={}, default_contract=["t2a"])])
    assert made == [key_of(base), key_of(other)]


def test_a_scenario_names_its_own_norms_beside_its_file(tmp_path: Path) -> None:
    put(tmp_path, "mine.toml")
    scenario = tmp_path / "mine_too.toml"
    scenario.write_text('extends = "default"\nnorms = "mine.toml"\n')
    assert Path(load(scenario).norms) == tmp_path / "mine.toml"
    scenario.write_text('extends = "default"\nnorms = "nowhere.toml"\n')
    with pytest.raises(Mistake, match=r"nowhere\.toml: cannot be read"):
        load(scenario)
    (tmp_path / "mine.toml").write_text("[about]\nbase_year = 2021\n[number]\n")
    scenario.write_text('extends = "default"\nnorms = "mine.toml"\n')
    with pytest.raises(Mistake, match=r'"number" is not known. Did you mean "numbers"'):
        load(scenario)


def test_shipped_norms_are_those_of_the_default_world(default: ScenarioSpec) -> None:
    shipped = {file.stem: finding.Found(file, "shipped").read() for file in finding.SHIPPED.glob("*.toml")}
    for name, norms in shipped.items():
        assert norms.digest == name
        assert norms.about["patient_years"] >= declared_design().least_patient_years
    assert not shipped or key_of(default) in shipped


# The study itself, on two hamlets.


def tiny_study(spec: ScenarioSpec, design: Design) -> Study:
    """The reference study with a warm-up of one year, since nothing is compared with anything here."""
    return replace(reference_study(spec, design), warm_up=1)


@pytest.mark.slow
def test_a_tiny_study_makes_norms_and_finds_them_again(
    default: ScenarioSpec, cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(finding, "reference_study", tiny_study)
    path = make(default, TINY, workers=1)
    assert path == cache / f"{key_of(default, TINY)}.toml"
    assert [file.name for file in cache.iterdir()] == [path.name]
    found = find(default, TINY)
    assert found is not None
    norms = found.read()
    assert norms.about["patient_years"] == pytest.approx(2 * 1500 * 2, rel=0.1)
    assert set(norms.growth["spending"]) == {2020, 2021, 2022}
    assert 1 < norms.number("gp_contacts") < 12
    assert norms.number("gp_fees") == pytest.approx(25 * norms.number("gp_contacts"), rel=0.3)
    assert (norms.by_class["spending"] > 0).all()
    older = norms.by_class["spending"][CLASSES.index("85+_women_ald_no_c2s")]
    assert older > norms.by_class["spending"][CLASSES.index("7-15_women_no_ald_no_c2s")]

    path.rename(cache / f"{key_of(default)}.toml")
    assert main(["norms", "default", "--lang", "en"]) == 0
    text = capsys.readouterr().out
    assert "National norms of 2021" in text
    assert "85+_women_ald_no_c2s" in text
    assert "±" in text
    assert main(["norms", "default", "--json", "--out", str(cache / "copy.toml")]) == 0
    content: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert content["origin"] == "cache"
    assert len(content["by_class"]["gp_fees"]) == CLASS_COUNT
    assert (cache / "copy.toml").read_bytes() == (cache / f"{key_of(default)}.toml").read_bytes()


@pytest.mark.slow
def test_a_reference_world_counts_by_class_what_accounts_count_in_all(default: ScenarioSpec) -> None:
    study = tiny_study(default, TINY)
    unit = replace(next(iter(study.units())).base, warm_up_years=1)
    model = study.laboratory.prepare(unit)
    model.run_year()
    facts = model.facts  # type: ignore[attr-defined]
    assert set(facts) == set(columns())
    accounts = model.model.accounts  # type: ignore[attr-defined]
    assert isinstance(accounts, ReferenceAccounts)
    counts = accounts.by_class[0]
    assert counts.registered == pytest.approx([accounts.array(one.name, 0, "team").sum() for one in LIST_CLASSES])
    assert counts.bands.sum(axis=0) == pytest.approx(counts.registered)
    assert counts.spending.sum() == pytest.approx(counts.sums["spending"].sum())
    for name, measure in class_means().items():
        if measure.name in accounts.measures:
            assert counts.sums[name].sum() == pytest.approx(accounts.array(measure.name, 0, "physician").sum()), name
    fees = counts.sums["gp_fees"].sum()
    assert 0.7 * accounts.total("value_gp", 0) < fees < 1.01 * accounts.total("value_gp", 0)


def test_a_failed_world_makes_no_norms(default: ScenarioSpec) -> None:
    study = reference_study(default, TINY)
    rows = [{"territory": spec.name, "seed": 1, "year": 0, "stage": "", "message": ""} for spec in study.territories]
    rows[1] |= {"stage": "warm-up", "message": "no patients"}
    with pytest.raises(Mistake, match=r'cannot be made: territory "T5-1", warm-up: no patients'):
        worlds_of(pd.DataFrame(rows), study.territories)


def test_a_nation_without_registered_patients_makes_no_norms() -> None:
    empty = nation()
    with pytest.raises(Mistake, match="nobody is registered"):
        norms_of(replace(empty, registered=np.zeros_like(empty.registered)), "d", 2021, 1.0, {})

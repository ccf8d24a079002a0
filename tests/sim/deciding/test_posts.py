"""A team without a pathway nurse comes into money: its post is opened, held, worked in and closed (behaviour F4)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest

from agents.deciding.collective_money import project_costs
from agents.nurses import PATHWAY
from agents.tasks import K15
from agents.templates import handover
from results.messages import set_language
from results.run import Run, open_run
from results.story import as_text, story_of
from scenarios.norms.invented import invented_norms
from sim.deciding.diary import Diary
from sim.deciding.nurses import fill_posts
from sim.deciding.pairs import pairs_of, surroundings
from sim.deciding.partner_facts import quiet
from sim.founding import found
from sim.model import CareModel, prepared
from sim.quotes.quoting import quotes_of
from sim.recorder import Recorder
from sim.specification import Delegation, ScenarioSpec, TeamSpec, TerritorySpec
from sim.world import World
from tests.sim.deciding.granted import RULE
from tests.sim.deciding.made_teams import CENTRE, HOME, made_spec

TEAM = TeamSpec(
    kind="msp", physicians=4, liberal_nurses=2, secretaries=2, registered_list=2_400, meetings=40, protocols=2,
    contract=["fee_for_service", "list_lump_sums", "rosp", RULE], coordinator_fte=0.3, open_deleg=0.9, encounters=2.0,
    maturity_years=8.0, sharing_rule="equal_hourly",
)  # fmt: skip
"""A health home that hands over readily, and has no pathway nurse."""
TEAM_OF_FEES = replace(TEAM, contract=["fee_for_service"], registered_list=0)
AMOUNT, YEARS, LAST_PAID = 100_000.0, 8, 6
"""EUR a year; years of the run; the last year of the run in which the money comes."""
FILLED = 4
"""A year in which the post has been held for long."""


def rich_town() -> ScenarioSpec:
    """A small territory with one health home that gets a grant for some years."""
    land = TerritorySpec(people=4_000, town=2_000, columns=8, rows=8, hospitals=1)
    spec = ScenarioSpec(territory=land, teams={"lilas": TEAM}, warm_up_years=1)
    terms = {"amount": AMOUNT, "last_year": spec.start.year + LAST_PAID - 1}
    return replace(spec, reform={RULE: terms})


@dataclass(frozen=True)
class Year:
    """The team as a year ends: its account before and after, its posts, its nurses, and the post's row."""

    fund: float
    fund_after: float
    commitments: float
    posts: float
    nurses: int
    minutes: float
    in_post: int
    contacts: float
    shares: float


@dataclass(frozen=True)
class Lived:
    """The run, its years, and the row of the post."""

    run: Run
    model: CareModel
    years: dict[int, Year]
    row: int


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    spec = rich_town()
    model = prepared(spec, norms=invented_norms())
    world = model.world
    row = post_of(world, 0)
    years = {}
    with Recorder(world, spec, tmp_path_factory.mktemp("posts") / "lilas") as recorder:
        model.recorder = recorder
        for year in range(1, YEARS + 1):
            if year == LAST_PAID:  # what was laid by in years without a nurse would keep the post for years
                world.teams["fund"][0] = 0.0
            years[year] = lived_year(model, row)
        return Lived(open_run(recorder.finish()), model, years, row)


def lived_year(model: CareModel, row: int) -> Year:
    world = model.world
    team = world.teams[0]
    fund = float(team["fund"])
    year = model.run_year()
    commitments = float(model.accounts.array("fixed_commitments", year, "team")[0])
    team, nurse = world.teams[0], world.nurses[row]
    contacts = float(model.accounts.array("nurse_contacts", year, "nurse")[row])
    shares = float(world.dyads["share"][world.dyads["nurse"] == row].sum())
    return Year(fund, float(team["fund"]), commitments, float(team["posts_paid"]), int(team["nurses"]),
                float(nurse["weekly_minutes"]), int(nurse["in_post"]), contacts, shares)  # fmt: skip


def post_of(world: World, team: int) -> int:
    """Row of the one pathway nurse of a team."""
    rows = np.flatnonzero((world.nurses["team"] == team) & (world.nurses["kind"] == PATHWAY))
    assert len(rows) == 1
    return int(rows[0])


# At the start.


def test_every_team_that_may_hire_has_the_post_of_a_pathway_nurse_and_no_other_team_has() -> None:
    world = found(made_spec(teams={"rich": TEAM_OF_FEES, **made_spec().teams}))
    n = world.nurses
    empty = n["in_post"] == 0
    assert n["team"][empty].tolist() == [0]
    assert n["kind"][empty].tolist() == [PATHWAY]
    assert n["weekly_minutes"][empty].tolist() == [0]
    assert (n["weekly_minutes"][~empty] > 0).all()
    assert not empty[post_of(world, 1 + HOME)]  # who has a pathway nurse needs no other row
    assert not (n["kind"][n["team"] == 1 + CENTRE] == PATHWAY).any()


def test_kinds_that_may_hire_are_a_parameter() -> None:
    none = found(made_spec(teams={"rich": TEAM_OF_FEES}, parameters={"team_life.posts_of_kinds": [0, 0, 0, 0, 0]}))
    assert not (none.nurses["kind"] == PATHWAY).any()
    groups = found(made_spec(parameters={"team_life.posts_of_kinds": [0, 1, 1, 0, 1]}))
    assert groups.nurses["team"][groups.nurses["in_post"] == 0].tolist() == [1]


def test_an_empty_post_is_nobody() -> None:
    without = found(made_spec(teams={"rich": TEAM_OF_FEES}, parameters={"team_life.posts_of_kinds": [0, 0, 0, 0, 0]}))
    world = found(made_spec(teams={"rich": TEAM_OF_FEES}))
    assert len(world.nurses) == len(without.nurses) + 1
    assert world.teams["nurses"].tolist() == without.teams["nurses"].tolist() == [2]
    for name in ("physicians", "patients", "near_nurses", "support"):
        mine, other = getattr(world, name), getattr(without, name)
        columns = [c for c in mine.dtype.names or () if not c.startswith("dyad_")]
        assert (mine[columns] == other[columns]).all() if columns else (mine == other).all()


def test_tasks_that_a_scenario_hands_over_go_to_nurses_who_are_there() -> None:
    spec = replace(TEAM_OF_FEES, delegation={"k15": Delegation("pathway", 0.3), "k09": Delegation("liberal", 0.2)})
    world = found(made_spec(teams={"rich": spec}))
    theirs = world.dyads["nurse"] == post_of(world, 0)
    assert (world.dyads["share"][theirs] == 0).all()
    assert np.isfinite(world.dyads["share"]).all()
    assert (world.dyads["share"][~theirs] > 0).any()


# Through the years.


def test_dependable_money_opens_the_post_and_a_nurse_takes_it(lived: Lived) -> None:
    opened = [year for year, one in lived.years.items() if one.posts > 0]
    assert opened[0] == 2  # money that came for two years
    assert lived.years[1].nurses == lived.years[2].nurses == 2
    assert lived.years[2].minutes > 0
    assert not lived.years[2].in_post
    assert lived.years[FILLED].in_post
    assert lived.years[FILLED].nurses == 3
    assert lived.years[FILLED].minutes == pytest.approx(2_100 * lived.years[FILLED].posts)


def test_the_nurse_works_once_she_is_known(lived: Lived) -> None:
    contacts = {year: one.contacts for year, one in lived.years.items()}
    assert contacts[FILLED] == 0  # a post opened adds minutes, never referrals
    assert lived.years[LAST_PAID].shares > 1
    assert 0 < contacts[LAST_PAID] < contacts[LAST_PAID + 1]


def test_the_post_closes_with_its_money_and_is_empty_again(lived: Lived) -> None:
    last = lived.years[YEARS]
    assert (last.posts, last.minutes, last.in_post, last.nurses, last.shares) == (0, 0, 0, 2, 0)
    assert last.fund_after >= -AMOUNT
    assert lived.years[LAST_PAID].posts > 0


def test_no_euro_of_the_account_is_lost(lived: Lived) -> None:
    shares, q = lived.run.shares, lived.model.world.behaviour[0]
    projects = lived.run.teams  # one project, under way from the start, costs the same each year
    assert len(projects)
    cost = float(project_costs(np.ones(1), q)[0])
    for year, one in lived.years.items():
        came = AMOUNT if year <= LAST_PAID else 0.0
        hours = shares[(shares["year"] == year) & (shares["pool"] == "collective")]["cents"].sum() / 100
        assert one.fund_after - one.fund == pytest.approx(came - hours - one.commitments - cost, abs=0.02), year


def test_the_tables_of_a_run_count_people(lived: Lived) -> None:
    of_team = lived.run.teams[lived.run.teams["team"] == 0].groupby("year")["nurses"].max()
    assert of_team.loc[[1, 2, FILLED]].tolist() == [2, 2, 3]
    site = lived.run.sites[(lived.run.sites["kind"] == "team") & (lived.run.sites["site"] == 0)].iloc[0]
    assert (int(site["nurses"]), int(site["liberal_nurses"])) == (2, 2)
    n_prof = {year: float(lived.model.accounts.array("n_prof", year, "team")[0]) for year in (1, FILLED)}
    assert n_prof[FILLED] == n_prof[1] + 1
    for name in ("team_nurses", "fte_pathway", "salaried_nurses"):
        known = [float(lived.model.accounts.array(name, year, "team")[0]) for year in (1, FILLED, YEARS)]
        assert known[0] == known[2] < known[1], name
    rows = lived.run.nurses[lived.run.nurses["nurse"] == lived.row]
    assert (rows.loc[rows["year"] <= 2, "in_post"] == 0).all()


def test_nothing_is_quoted_to_a_post_that_nobody_holds(lived: Lived) -> None:
    model = lived.model
    assert model.treasury
    assert not model.world.nurses["in_post"][lived.row]
    quotes = quotes_of(model.treasury, model.world, model.accounts, YEARS + 1)
    of_post = [float(np.abs(quote.settled[lived.row])) for quote in quotes.nurses.values()]
    assert handover(K15, PATHWAY) in quotes.nurses
    assert max(of_post) == 0
    pairs = pairs_of(model.world, slice(0, len(model.world.dyads)), surroundings(model.world, quiet(model.world)))
    assert not pairs.allowed[pairs.nurse == lived.row].any()


def test_counts_of_nurses_follow_departures_and_successors() -> None:
    world = found(made_spec(teams={"rich": TEAM_OF_FEES}))
    row = post_of(world, 0)
    fill_posts(world, np.array([row]), Diary())
    assert world.teams["nurses"].tolist() == [3]


# As it is told.


@pytest.fixture
def english() -> Iterator[None]:
    yield
    set_language("en")


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("language", "said", "never"),
    [
        ("en", ["self-employed nurses E and F. ", "athway nurse G takes up the post.",
                "Pathway nurse G leaves the post.",
                ", a nurse's post is opened; the team's money now pays for 1 full-time post.",
                ", a nurse's post is closed; the team's money pays for no post any more."],
         "E and F and pathway nurse G."),
        ("fr", ["les infirmières libérales E et F. ", "'infirmière de parcours G prend son poste.",
                "L'infirmière de parcours G quitte son poste.", "un poste d'infirmière ouvre",
                "un poste d'infirmière ferme", "l'argent de l'équipe ne finance plus aucun poste."],
         "E et F et l'infirmière de parcours G."),
    ],
)  # fmt: skip
def test_the_story_tells_of_the_post(lived: Lived, language: str, said: list[str], never: str) -> None:
    set_language(language)
    text = as_text(story_of(lived.run, "lilas"))
    assert [one for one in said if one not in text] == []
    assert never not in text

"""``careteams mechanisms``, mechanisms in scenarios and arms, and the shipped ablation."""

import pytest

from agents.mistakes import Mistake
from scenarios.cli import main
from scenarios.norms.design import about, key_of
from scenarios.patterns import read_patterns
from scenarios.patterns.validation import ON_DEMAND, SHIPPED, grouped
from scenarios.reading import load
from scenarios.study.forking import check_arm
from sim.mechanisms import ON, all_mechanisms
from sim.outcomes import OUTCOMES

RELAY = ["mechanisms.relay=full"]


def test_the_list_has_a_line_a_mechanism(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mechanisms", "--lang", "en"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(all_mechanisms())
    relay = next(line for line in lines if line.startswith("relay "))
    assert "M03" in relay
    assert "full, off" in relay
    assert "[Morize2024 ch.5]" in relay


def test_one_mechanism_shows_the_parameters_of_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mechanisms", "relay", "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert 'mechanisms.relay = "full"' in shown
    assert "incentives.least_knowledge: 0.0 becomes 1.0" in shown
    assert main(["mechanisms", "norm_gate", "--lang", "en"]) == 0
    assert "becomes 0.0 throughout" in capsys.readouterr().out
    assert main(["mechanisms", "legal_gate", "--lang", "en"]) == 0
    assert "note:" in capsys.readouterr().out


def test_an_unknown_mechanism_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mechanisms", "rely", "--lang", "en"]) == 2
    assert 'Did you mean "relay"?' in capsys.readouterr().err


def test_a_scenario_switches_mechanisms_one_after_the_other() -> None:
    spec = load("default", [*RELAY, "mechanisms.norm_gate=off"])
    assert spec.mechanisms == {"relay": "full", "norm_gate": "off"}
    assert load("default", [*RELAY, "mechanisms.relay=on"]).mechanisms == {"relay": ON}
    with pytest.raises(Mistake, match=r'\[mechanisms\]: the mechanism "rely" is not known. Did you mean "relay"'):
        load("default", ["mechanisms.rely=full"])


def test_a_described_scenario_says_what_it_switches(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", "default", "--set", *RELAY, "--lang", "en"]) == 0
    assert '[mechanisms]\n  relay = "full"' in capsys.readouterr().out


def test_arms_may_differ_in_mechanisms() -> None:
    check_arm("full", load("default"), load("default", RELAY))


def test_norms_are_those_of_the_week_under_the_mechanisms() -> None:
    plain, off = load("default"), load("default", ["mechanisms.overload=off"])
    assert key_of(load("default", RELAY)) == key_of(plain), "nobody decides in the reference world"
    assert key_of(off) != key_of(plain)
    assert key_of(off) == key_of(load("default", ["parameters.service.overload_minutes=0"]))
    assert about(off) != about(plain)


def test_the_shipped_ablation_takes_out_each_mechanism_of_the_first_priority() -> None:
    assert "ablation" in ON_DEMAND
    patterns = read_patterns(SHIPPED / "ablation.toml", OUTCOMES)
    switched = {m.id: m for m in all_mechanisms().values() if m.priority == 1 and m.options}
    assert [p.id for p in patterns] == [f"without-{name}" for name in switched]
    for pattern, m in zip(patterns, switched.values(), strict=True):
        assert isinstance(pattern.title, dict)
        assert set(pattern.title) == {"en", "fr"}
        assert pattern.title["en"] == f"Without: {m.line}"
        *contract, option = pattern.arms["without"]
        assert contract == pattern.arms["with"]
        assert option == f'mechanisms.{m.id}="{next(iter(m.options))}"'
    (group,) = grouped(patterns)
    assert len(group.study.arms) == len({tuple(arm) for pattern in patterns for arm in pattern.arms.values()})


def test_an_ablation_puts_into_both_arms_what_its_mechanism_acts_on() -> None:
    """A pair in which nothing can move says 1 of a mechanism that was never tried."""
    patterns = {one.id: one for one in read_patterns(SHIPPED / "ablation.toml", OUTCOMES)}
    usual = patterns["without-intermediaries"]
    situations = {name: [text for text in one.arms["with"] if text not in usual.arms["with"]]
                  for name, one in patterns.items() if one.note != usual.note}  # fmt: skip
    untried = situations.pop("without-confusion")
    assert untried == []
    assert "nothing is measured here" in patterns["without-confusion"].note
    assert situations["without-payer_softens"][-1] == 'payer.mode="adaptive"'
    assert set(situations) == {f"without-{name}" for name in ("norm_gate", "stacked_posts", "report", "payer_softens")}
    assert all(situations.values())

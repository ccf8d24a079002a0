"""The factorial of lesson 8 in the payload, and the scenario file that each design exports."""

import json
from typing import Any, Final

from scenarios.teaching.grid import Design, Factor, Grid
from sim.payment.contract import signed_by

GOALS: Final = (
    ("seen", {"en": "Nobody gives up care", "fr": "Que personne ne renonce aux soins"}, "forgone_per_person", -1),
    ("wait", {"en": "Short waits", "fr": "Des délais courts"}, "mean_wait_days", -1),
    ("nurses", {"en": "Work shared with nurses", "fr": "Du travail partagé avec les infirmières"},
     "delegated_share", 1),
    ("hours", {"en": "Bearable weeks", "fr": "Des semaines tenables"}, "team_hours_per_week", -1),
    ("income", {"en": "Physicians' income", "fr": "Le revenu des médecins"}, "team_income", 1),
    ("fairness", {"en": "Incomes close to each other", "fr": "Des revenus proches"}, "team_income_spread", -1),
    ("hospital", {"en": "Fewer avoidable stays", "fr": "Moins d'hospitalisations évitables"},
     "avoidable_stays_per_1000_adults", -1),
    ("spending", {"en": "Less spending", "fr": "Moins de dépenses"}, "spending_mean", -1),
)  # fmt: skip
"""What a group may choose to be judged by: id, title, outcome, and which way is better."""
TITLES: Final = {
    "rule": {"en": "Payment rule", "fr": "Règle de paiement"},
    "amount": {"en": "Amount", "fr": "Montant"},
    "sharing": {"en": "Sharing in the team", "fr": "Partage dans l'équipe"},
}


def as_payload(grid: Grid) -> dict[str, Any]:
    """The factorial as the page has it."""
    own = grid.factorial
    levels = {"rule": own.rules, "amount": own.amounts, "sharing": own.sharings}
    return {
        "study": own.study, "territory": own.plan.territory,
        "factors": [
            {"id": name, "title": TITLES[name], "levels": [_level(one) for one in factors]}
            for name, factors in levels.items()
        ],
        "designs": [
            {"id": design.id, "levels": dict(design.levels), "arm": design.id, "file": f"{design.id}.toml",
             "toml": scenario(grid, design)}
            for design in own.designs()
        ],
        "goals": [{"id": name, "title": title, "outcome": outcome, "sign": sign}
                  for name, title, outcome, sign in GOALS],
    }  # fmt: skip


def _level(factor: Factor) -> dict[str, Any]:
    return {"id": factor.id, "title": dict(factor.title), "text": dict(factor.text)}


def scenario(grid: Grid, design: Design) -> str:
    """A scenario file of a design: what ``careteams check`` and ``careteams run`` take."""
    place = grid.territories[grid.factorial.plan.territory]
    base, arm, team = place.spec(), design.arm, f"team.{place.main}"
    lines = [
        f"# Made with the teaching page of careteams: {arm.title['en']}.", f'extends = "{place.scenario}"', "",
        "[title]", *(f"{language} = {_text(text)}" for language, text in arm.title.items()), "",
        "[description]", *(f"{language} = {_text(text)}" for language, text in arm.text.items()), "",
        f"[{team}]",
        f"contract = {json.dumps([*signed_by(base, base.teams[place.main]), *arm.rules])}",
    ]  # fmt: skip
    if arm.sharing:
        lines.append(f'sharing_rule = "{arm.sharing}"')
    for rule in arm.rules:
        terms = {name.partition(".")[2]: value for name, value in arm.terms.items() if name.startswith(f"{rule}.")}
        if terms:
            lines += ["", f"[{team}.terms.{rule}]", *(f"{name} = {value}" for name, value in terms.items())]
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    """A string of TOML; JSON writes one that TOML reads."""
    return json.dumps(text, ensure_ascii=False)

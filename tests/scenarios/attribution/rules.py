"""Rules of our own for attribution: one whose every effect is known, and one that hands a pot to all its teams."""

from dataclasses import dataclass

import numpy as np

from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy
from sim.payment.statement import Statement
from sim.payment.terms import term

SHARE = 0.1


@dataclass(frozen=True)
class LinearTerms:
    """Terms of the rule."""

    share: float = term(
        SHARE, "Share of the saving that is paid, or taken back", "share", source="our own", low=0, high=1
    )


class Linear(Policy[LinearTerms]):
    """A share of what a list costs less than expected of its classes; of what it costs more, a debt."""

    name, layer, title = "linear", Layer.ADD_ON, "A share of savings and of losses"
    parameters = LinearTerms
    may_be_negative = ("shared",)
    needs_norms = True

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        sheet = self.sheet(accounts, "team")
        usual = norms.of_classes("spending", accounts.year)
        due = sum(accounts.measure(one.name) * mean for one, mean in zip(LIST_CLASSES, usual, strict=True))
        sheet.bring("due", np.asarray(due), "Spending expected of the list")
        sheet.let("shared", "share * (due - spend_all)", "What is shared")
        sheet.pay("shared", "shared", to="team_account", cash=[(accounts.year + 1, 2)])
        return sheet.statement()


class Pot(Linear):
    """The same saving, of a pot that all teams share by their number: rows look at each other."""

    name, title = "pot", "A pot that teams share"

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        sheet = self.sheet(accounts, "team")
        spent = accounts.measure("spend_all")
        sheet.bring("part", spent / max(1.0, float(spent.sum())), "Part of the spending of all", "share")
        sheet.let("shared", "1000 * part", "Part of the pot")
        sheet.pay("shared", "shared", to="team_account", cash=[(accounts.year + 1, 2)])
        return sheet.statement()


class Blind(Linear):
    """The same, against one national mean for all patients."""

    name, title = "blind", "A share of savings against one mean"

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        sheet = self.sheet(accounts, "team")
        sheet.bring("mean", np.asarray(norms.number("spending", accounts.year)), "National mean")
        sheet.let("shared", "share * (mean * registered_list - spend_all)", "What is shared")
        sheet.pay("shared", "shared", to="team_account", cash=[(accounts.year + 1, 2)])
        return sheet.statement()

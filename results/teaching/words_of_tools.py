"""What the tools of the teaching page say, by key: map, comparing, figures, money, design.

See ``results.teaching.words``, which puts all words together.
"""

from typing import Final

from results.messages import _


def _map() -> dict[str, str]:
    """The territory map, its player and its legend."""
    return {
        "map.title": _("The territory, week by week"),
        "map.lead": _("One recorded run of the model, or two on the same patients, replayed."),
        "map.territory": _("Territory"),
        "map.arm": _("How they are paid"),
        "map.beside": _("Beside it"),
        "map.alone": _("nothing"),
        "map.tint": _("Colour of the cells"),
        "map.of": _("Map of {place}: {arm}"),
        "map.keys": _(
            "Arrow keys go from cell to cell, Enter follows a cell, Escape lets go. The list under the numbers of the"
            " week offers every team and person too."
        ),
        "map.one_run": _(
            "These are counts of one recorded run (seed {seed}), not estimates: other seeds give other weeks. What "
            "can be told apart from chance is under Compare, with intervals."
        ),
        "map.class": _("{low} to {high}"),
        "map.wait_days": _("wait {days} d"),
        "map.abroad": _("elsewhere"),
        "map.play": _("Play"),
        "map.pause": _("Pause"),
        "map.player": _("Time"),
        "map.week": _("Week"),
        "map.back": _("One week back"),
        "map.forth": _("One week on"),
        "map.speed": _("Speed"),
        "map.times": _("×{n}"),
        "tint.access": _("Access"),
        "tint.access_long": _("Access to a GP (consultations within reach, a person and year)"),
        "tint.area": _("Living area"),
        "tint.poverty": _("Poverty"),
        "legend.moving": _("What moves, and what waits"),
        "legend.paths": _("Paths of the week, and what waits"),
        "legend.people": _("{n} people live here"),
        "legend.person": _("A person to follow"),
        "legend.each": _("This territory is busy: one moving mark stands for {n} contacts."),
        "legend.sites": _(
            "White discs are teams, with their number of physicians; the wait is that for an appointment. The square "
            "at the border is care bought elsewhere."
        ),
        "kind.waiting": _("Patients waiting"),
        "kind.physician": _("Contacts with a physician"),
        "kind.nurse": _("Contacts with a nurse"),
        "kind.hospital": _("Emergency visits and stays"),
    }


def _map_more() -> dict[str, str]:
    """The territory map, its player and its legend, continued."""
    return {
        "kind.remote": _("Teleconsultations elsewhere"),
        "kind.emergency": _("Emergency visits"),
        "kind.stays": _("Hospital stays"),
        "kind.forgone": _("Needs given up"),
        "week.word": _("week"),
        "week.short": _("Week {week}:"),
        "week.name": _("Year {year}, week {week}"),
        "week.this": _("this week"),
        "week.waited": _("Days waited, mean"),
        "week.spending": _("Spending"),
    }


def _follow() -> dict[str, str]:
    """What can be followed on the map."""
    return {
        "follow.label": _("Follow"),
        "follow.nothing": _("nothing in particular"),
        "follow.persons": _("Persons"),
        "follow.sites": _("Teams and hospitals"),
        "follow.cells": _("Cells"),
        "follow.how": _("Click a cell, a team or a person on the map, or choose from the list, to follow it."),
        "follow.this_week": _("This week, and all weeks"),
        "cell.name": _("{commune}, cell {column}-{row}"),
        "cell.people_one": _("{n} person"),
        "cell.people_many": _("{n} people"),
        "cell.waiting_one": _("{n} waits"),
        "cell.waiting_many": _("{n} wait"),
        "cell.people": _("Inhabitants"),
        "cell.area": _("Living area"),
        "cell.access": _("Access to a GP"),
        "cell.access_value": _("{value} consultations a person and year"),
        "cell.poverty": _("Poverty"),
        "site.physicians": _("Physicians"),
        "site.nurses": _("Nurses"),
        "site.beds": _("Beds"),
        "site.wait": _("Posted wait, days"),
        "site.contacts": _("Contacts of the team"),
        "site.booked": _("Time booked, %"),
        "site.list": _("Registered patients"),
        "person.name": _("{name}, {age}"),
        "person.lives": _("Lives in"),
        "person.doctor": _("Médecin traitant at"),
        "person.no_doctor": _("none"),
        "person.conditions": _("Conditions"),
        "person.none": _("none"),
        "person.spending": _("Spending, whole run"),
        "person.gone": _("Left the territory or died in week {week}."),
        "person.events_one": _("{n} event so far"),
        "person.events_many": _("{n} events so far"),
        "person.latest": _("The latest {n}:"),
    }


def _compare() -> dict[str, str]:
    """Two arms side by side, year by year."""
    return {
        "compare.title": _("Same patients, other payment"),
        "compare.lead": _(
            "Two ways of paying, run on the same patients with the same luck, so that what differs is due to the "
            "payment. Every number has its 95% interval."
        ),
        "compare.study": _("Study"),
        "study.village": _("The village: the arms of the lessons"),
        "study.ordinary": _("A town of 23,000 and its surroundings"),
        "study.desert": _("The village with enough physicians, and with few"),
        "study.factorial": _("Every design of lesson 8"),
        "compare.a": _("First arm"),
        "compare.b": _("Second arm"),
        "compare.rules": _("The contract in words"),
        "compare.sharing": _("Sharing within the team: {rule}"),
        "compare.themes": _("Show"),
        "compare.first": _("Key results"),
        "compare.same": _("Choose two different arms."),
        "compare.figure": _("{theme}: {a} and {b}"),
        "compare.says": _(
            "{clear} of {all} outcomes differ beyond chance over {seeds} paired runs; their rows are tinted. The "
            "number beside each row is the second arm less the first."
        ),
        "compare.note": _(
            "Marks are means over seeds, lines are 95% intervals, faint dots are single seeds. Intervals hold the "
            "chance of the model, not what is unknown about its parameters."
        ),
        "theme.access": _("Waiting and forgone need"),
        "theme.hospital": _("Hospital"),
        "theme.money": _("Money"),
        "theme.people": _("Patients"),
        "theme.person": _("Incomes by person"),
        "theme.spending": _("Spending"),
        "theme.task": _("Task shares"),
        "theme.work": _("Work"),
        "verdict.more": _("more, beyond chance"),
        "verdict.less": _("less, beyond chance"),
        "verdict.unclear": _("not told apart from chance"),
        "verdict.better": _("(better)"),
        "verdict.worse": _("(worse)"),
        "estimate.interval": _("{mean} [{low}; {high}]"),
        "levels.title": _("Measured over seeds: {arms}"),
        "years.title": _("{outcome}{unit}, year by year"),
        "years.outcome": _("Outcome, year by year"),
        "years.says": _("In the last year, {a}: {first}; {b}: {second}."),
    }


def _compare_more() -> dict[str, str]:
    """Two arms side by side, year by year, continued."""
    return {
        "year.short": _("Y{year}"),
        "year.long": _("Year {year}"),
        "table.outcome": _("outcome"),
        "table.unit": _("unit"),
        "table.year": _("year"),
        "table.mean": _("mean"),
        "table.low": _("low"),
        "table.high": _("high"),
        "table.difference": _("difference"),
    }


def _figure() -> dict[str, str]:
    """Taking figures away."""
    return {
        "figure.tools": _("Take away: {title}"),
        "figure.png": _("PNG, picture of: {title}"),
        "figure.svg": _("SVG, drawing of: {title}"),
        "figure.csv": _("CSV, data of: {title}"),
        "figure.table": _("The numbers as a table"),
        "figure.table_of": _("Numbers of: {title}"),
    }


def _money() -> dict[str, str]:
    """Sharing, chance, statements and stories."""
    return {
        "sharing.title": _("Sharing the money"),
        "sharing.lead": _("The same money of a year, shared by each rule."),
        "sharing.run": _("Money of"),
        "sharing.rule": _("sharing rule"),
        "sharing.figure": _("Who gets what under each sharing rule"),
        "sharing.says": _(
            "The widest gap between two people is {most}, under “{wide}”; the narrowest is {least}, under “{close}”."
        ),
        "sharing.note": _(
            "Arithmetic on one recorded year: the money and the work are the same in every row, only the rule "
            "differs, so chance has no part in what differs. The rule in bold is the team's own."
        ),
        "sharing.none": _("No recorded run of this page says what each sharing rule gives."),
        "week.figure": _("What fills their weeks: {arm}"),
        "week.says": _("Hours a week, by use. The longest week is that of {name}: {hours} hours."),
        "week.note": _(
            "Mean week of the last recorded year, time not used included: one run, without an interval. The same "
            "hours over seeds, with intervals, are below."
        ),
        "week.person": _("person"),
        "week.sum": _("sum"),
        "week.rest": _("the rest"),
        "pairs.title": _("Who hands what to whom"),
        "pairs.lead": _("Delegation grows pair by pair: a physician, a nurse, a task."),
        "pairs.figure": _("Pairs of physician and nurse: {arm}"),
        "pairs.says": _(
            "{pairs} pairs, {tasks} tasks. The larger a square, the larger the share of the task that this physician "
            "hands to this nurse; the largest is {most}."
        ),
        "pairs.note": _(
            "One recorded run, as its last year ends. Shares over seeds, with intervals, are under Compare, Task "
            "shares."
        ),
        "pairs.none": _("No recorded run of this page says who hands what to whom."),
        "pairs.task": _("task"),
        "pairs.knowledge": _("how well they know each other"),
        "pairs.trust": _("trust"),
        "luck.title": _("The bonus and the lottery"),
        "luck.lead": _("Nobody changes anything. What is left is chance."),
        "luck.outcome": _("Outcome"),
        "luck.figure": _("{outcome}{unit}, when nobody changes anything"),
        "luck.team": _("team"),
        "luck.seed": _("seed"),
        "luck.small": _("a small team"),
    }


def _money_more() -> dict[str, str]:
    """Sharing, chance, statements and stories, continued."""
    return {
        "luck.large": _("a large team"),
        "luck.spread": _("{name}: from {low} to {high}; mean {mean}."),
        "luck.note": _("Each dot is one run of the same team with other luck; the dashed line is their mean."),
        "statement.title": _("A statement, euro by euro"),
        "statement.lead": _(
            "What a team was paid for a year: open a line to see its formula, its numbers, and where they come from."
        ),
        "statement.choose": _("Statement"),
        "statement.of": _("{team}, {arm}, year {year}"),
        "statement.total": _("In all"),
        "statement.says": _("{total} in {n} lines. Bars add up from the top; the dark one is the sum."),
        "statement.note": _(
            "What was paid in one recorded run: it is arithmetic on counted acts and has no interval of its own. How "
            "much it varies from run to run is under Compare."
        ),
        "statement.lines": _("Line by line"),
        "statement.payee": _("to whom"),
        "statement.rule": _("rule"),
        "statement.component": _("component"),
        "statement.amount": _("amount, EUR"),
        "statement.paid": _("paid"),
        "statement.paid_when": _("Paid: {when}"),
        "statement.facts": _("What the formula rests on"),
        "story.title": _("A team's story"),
        "story.lead": _("What a team decided and lived through, told from the diary of a run."),
        "story.choose": _("Story"),
        "story.of": _("{team}, {arm}"),
        "story.note": _(
            "One recorded run: with other luck the same people under the same rules may live through other years."
        ),
    }


def _design() -> dict[str, str]:
    """Lesson 8: a payment of one's own."""
    return {
        "design.title": _("Design your own payment"),
        "design.lead": _("Choose a rule, an amount and a way of sharing: every combination was run."),
        "design.nearest": _("That combination makes no sense, so it was not run. This is the nearest one."),
        "design.save": _("Take the scenario file away"),
        "design.saved": _("{file} is saved: run it with careteams."),
        "design.figure": _("{design}, compared with: {basis}"),
        "design.says": _("{won} of {all} goals come nearer beyond chance, over {seeds} paired runs."),
        "design.basis": _("This is what the other designs are compared with: choose another to see what changes."),
        "design.yours": _("your design"),
        "design.nearer": _("nearer to the goal, beyond chance"),
        "design.farther": _("farther from the goal, beyond chance"),
        "design.design": _("design"),
        "design.goal_one": _("Goal across"),
        "design.goal_two": _("Goal upwards"),
        "design.defend": _("Defend your design"),
        "design.defend_hint": _(
            "For whom is it good, who pays for it, what would make you change your mind? Your text stays in the "
            "address and on the printed page."
        ),
        "plane.title": _("Every design on two goals"),
        "plane.says": _("{n} designs. Yours: {x} across, {y} upwards."),
        "plane.note": _(
            "Marks are means over seeds, lines are 95% intervals. A design is better than another only where their "
            "paired difference says so, not where intervals fail to touch."
        ),
        "plane.others": _("other designs"),
        "plane.less": _("less is wanted"),
        "plane.more": _("more is wanted"),
    }


TOOLS: Final = (
    _map,
    _map_more,
    _follow,
    _compare,
    _compare_more,
    _figure,
    _money,
    _money_more,
    _design,
)
"""Who says what of the tools."""

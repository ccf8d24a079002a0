"""Half a week written again from ``docs/odd.md`` alone: draws, phase 1 (but birthdays) and phase 2, patient by patient.

Nothing of the week's code is used here, nor anything compiled: whole numbers of Python stand for those of 64 bits, and
codes are the numbers that the document gives. What it takes from a world are its tables and the values of parameters.
Section numbers are those of the document.
"""

import hashlib
import math
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

ROUND = 2**64
FAR, NONE, NEW = 32_767, 255, 255
ALIVE, AME, POOR, WOMAN, NEWS = 1, 16, 32, 2, 16_384
NOTICED, FOLLOWED, SEEN_7, IF_UNSEEN = 2_048, 8_192, 512, 256
ACUTE, RENEWAL, FLARE, PREVENTION, ADMINISTRATIVE, PSYCHOSOCIAL, WOMENS, VISIT_AT_HOME, POST, EMERGENCY, NEWCOMER = (
    range(11)
)
VITAL, HIGH, MEDIUM, LOW = range(4)
GP, NURSE, TELE, ED, HOSPITAL, AGAIN, FORGO, ROUNDS, DISCHARGED, REGISTRY = range(10)
REPLACES, AT_HOME, BY_PHONE, READMITTED, PLANNED = 1, 2, 4, 8, 16
DIABETES, HYPERTENSION, HEART, COPD, MENTAL = 0, 1, 2, 3, 5
CAUSES = {8: 1, 9: 2, 10: 3, 11: 4, 12: 5}
BANDS = (0, 18, 45, 65, 75, 85)

# 7.1 Draws.


def mixed(x: int) -> int:
    """``M``."""
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 % ROUND
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB % ROUND
    return x ^ (x >> 31)


def folded(key: int, value: int) -> int:
    """``C``."""
    return mixed((key + value + 0x9E3779B97F4A7C15) % ROUND)


def named(name: str) -> int:
    """Key of a decision."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def key(seed: int, name: str, step: int, who: int) -> int:
    """``K``; the step is a signed number of 64 bits."""
    return folded(folded(folded(mixed(seed), named(name)), step % ROUND), who)


def uniform(k: int) -> float:
    """``U``."""
    return (k >> 11) * 2.0**-53


def gumbel(k: int) -> float:
    """A Gumbel draw, as 7.6 says that it is read."""
    u = uniform(k)
    place = int(u * 1024)
    if place in (0, 1023):
        return -math.log(-math.log(u + 1e-300))
    low, high = (-math.log(-math.log(n / 1024)) if 0 < n < 1024 else 0.0 for n in (place, place + 1))
    return low + (u * 1024 - place) * (high - low)


def logistic(z: float) -> float:
    return 1 / (1 + math.exp(-z))


class Week:
    """One week of a world, by hand.

    Args:
        world: its tables are read; columns of asking patients are changed in ``patient``.
    """

    def __init__(self, world: Any) -> None:
        self.w, self.t, self.seed = world, int(world.week), int(world.seed)
        record = world.parameters[0]
        self.q = {name: record[name].tolist() for name in record.dtype.names if not name.startswith("life_")}
        self.life = {name: record[name] for name in ("life_death", "life_frailty_mean")}
        self.requests: list[SimpleNamespace] = []

    def p(self, name: str) -> Any:
        """A parameter by its id."""
        return self.q[name.replace(".", "_")]

    # 7.8: who works.

    def present(self) -> list[bool]:
        rows = self.w.physicians
        away = [uniform(key(self.seed, "leave", self.t, int(g["who"]))) < float(g["leave_weeks"]) / 52 for g in rows]
        return [not a and g["vacant_until"] < 0 for a, g in zip(away, rows, strict=True)]

    # 7.5: what happens.

    def ask(self, i: int) -> SimpleNamespace | None:
        """Phase 1 of a patient; the state after it, or None for who is passed by."""
        x = self.patient(i)
        h = key(self.seed, "may_happen", self.t, x.who)
        may = (h >> 32) < x.ceiling
        if not x.flags & ALIVE or not (may or x.wake <= self.t):
            return None
        if x.wake <= self.t:
            self.due(x)
        if may:
            self.arise(x, uniform(h))
        if x.flags & NEWS:
            self.begun(x, ADMINISTRATIVE, h).target = REGISTRY
        x.wake = self.wake(x)
        return x

    def patient(self, i: int) -> SimpleNamespace:
        row = self.w.patients[i]
        names = ("who", "ceiling", "wake", "birth_week", "cell", "registered_gp", "known_gp", "nurse_tie", "flags",
                 "conditions", "control_week", "renewal_due_week", "home_stops", "home_until", "discharge_day",
                 "n_drugs", "days_to_contact", "followup_day", "readmission_day", "last_stay", "prevention_due",
                 "share_past")  # fmt: skip
        x = SimpleNamespace(row=i, **{name: int(row[name]) for name in names})
        x.age = (self.t - x.birth_week) // 52
        x.band = sum(x.age >= start for start in BANDS) - 1
        x.frailty, x.literacy = int(row["frailty"]) / 255, int(row["health_literacy"]) / 255
        x.trust_nurse, x.prefers_home = int(row["trust_nurse"]) / 255, int(row["prefers_home"]) / 255
        x.drift, x.control = float(row["drift"]), [int(c) for c in row["control"]]
        x.pending = [(int(n["need"]), int(n["priority"]), int(n["since"])) for n in row["pending"]]
        return x

    def has(self, x: Any, condition: int) -> bool:
        return bool(x.conditions >> condition & 1)

    def drifts(self, x: Any) -> None:
        weeks = self.t - x.control_week
        if weeks <= 0:
            return
        late = min(weeks, max(0, self.t - x.renewal_due_week - int(self.p("care.missed_renewal_weeks"))))
        loss = x.drift * (weeks - late + late * self.p("care.missed_renewal_drift"))
        x.control = [int(max(0.0, c - loss * 65_535)) if self.has(x, n) else c for n, c in enumerate(x.control)]
        x.control_week = self.t

    def mean_control(self, x: Any) -> float:
        held = [c for n, c in enumerate(x.control) if self.has(x, n)]
        return sum(held) / 65_535 / len(held) if held else 1.0

    def due(self, x: Any) -> None:
        """Steps 2 to 7; birthdays (step 1) are left out, and so are their patients."""
        self.drifts(x)
        for slot, (need, priority, since) in enumerate(x.pending):
            if need == NONE:
                continue
            k = folded(key(self.seed, "request", self.t, x.who), 128 + slot)
            r = self.begun(x, need, k, slot=slot, since=since, priority=priority)
            if x.frailty > self.p("needs.home_frailty") and need != ADMINISTRATIVE:
                r.marks = AT_HOME
            if self.t - since > self.p("choice.give_up_weeks"):
                r.target = FORGO
            else:
                self.address(x, r, k)
        if x.renewal_due_week <= self.t and RENEWAL not in [need for need, _, _ in x.pending]:
            self.ask_for(x, RENEWAL, 110)
        if x.nurse_tie >= 0 and not self.in_post(x.nurse_tie):
            x.nurse_tie = self.near_nurse(x)
        if x.home_until >= self.t and x.nurse_tie >= 0:
            r = self.begun(x, VISIT_AT_HOME, key(self.seed, "nursing", self.t, x.who))
            r.target, r.provider, r.count = ROUNDS, x.nurse_tie, x.home_stops
            r.minutes_tenths = int(10 * self.p("service.stop_minutes") * x.home_stops)
        self.after_stay(x)

    def ceilings(self, x: Any) -> list[float]:
        p, scale, adult = self.p, self.p("needs.scale"), x.age >= 18
        acute = max(n for n, start in enumerate(p("needs.acute_ages")) if x.age >= start)
        worst = 0.0
        if adult or x.conditions:
            z = (
                p("hospital.control_slope") * p("hospital.reference_control")
                + x.frailty
                - p("hospital.reference_frailty")
            )
            z += p("hospital.context_slope") * float(self.w.cells["poverty_z"][x.cell])
            worst = math.exp(z) * (p("hospital.poor_ratio") if x.flags & POOR else 1)
        age = min(x.age, 105)
        death = float(self.life["life_death"][1 if x.flags & WOMAN else 0][age])
        death *= math.exp(p("demography.death_frailty") * (x.frailty - float(self.life["life_frailty_mean"][age])))
        death *= math.prod(r for n, r in enumerate(p("demography.death_condition")) if self.has(x, n))
        base, more = p("needs.nursing_episode")
        return [
            scale * p("needs.acute")[acute],
            scale * p("needs.flare") / p("needs.flare_control_loss") if x.conditions else 0.0,
            scale * p("needs.prevention")[0 if x.age < 6 else 1],
            scale * p("needs.administrative") if adult else 0.0,
            scale * p("needs.psychosocial")[1 if self.has(x, MENTAL) else 0],
            scale * p("needs.womens_health") if x.flags & WOMAN and 18 <= x.age <= 44 else 0.0,
            scale * p("needs.home_visits") if x.frailty > p("needs.home_frailty") else 0.0,
            p("needs.emergency") * p("hospital.emergency_age_ratio")[x.band],
            p("hospital.hf_hazard") * worst if self.has(x, HEART) else 0.0,
            p("hospital.copd_hazard") * worst if self.has(x, COPD) else 0.0,
            p("hospital.diabetes_hazard") * worst if self.has(x, DIABETES) else 0.0,
            p("hospital.avoidable_hazard") * worst if adult else 0.0,
            p("hospital.other_stays")[x.band],
            death,
            (base + more * x.frailty) * p("needs.nursing_episode_age")[x.band],
        ]

    def left(self, x: Any, stream: int) -> float:
        if stream == 1:
            return 1 - self.mean_control(x)
        if not 8 <= stream <= 11:
            return 1.0
        of_stream = {8: x.control[HEART] / 65_535, 9: x.control[COPD] / 65_535, 10: x.control[DIABETES] / 65_535,
                   11: self.mean_control(x) if x.conditions else self.p("hospital.reference_control")}  # fmt: skip
        return math.exp(-self.p("hospital.control_slope") * of_stream[stream])

    def arise(self, x: Any, u: float) -> None:
        self.drifts(x)
        ceilings = self.ceilings(x)
        whole = sum(ceilings)
        mean = whole / 52
        number, term = 1, math.exp(-mean)
        beyond = 1 - term * (1 + mean)
        term *= mean
        while u < beyond and number < 15:
            number += 1
            term *= mean / number
            beyond -= term
        g = key(self.seed, "what_happens", self.t, x.who)
        for event in range(number):
            r = whole * uniform(folded(g, event))
            for stream, ceiling in enumerate(ceilings):
                if r < ceiling:
                    if r < ceiling * self.left(x, stream) and self.happens(x, stream, event, g):
                        return
                    break
                r -= ceiling

    def happens(self, x: Any, stream: int, event: int, g: int) -> bool:
        """What an event brings; whether it was death."""
        needs = (ACUTE, FLARE, PREVENTION, ADMINISTRATIVE, PSYCHOSOCIAL, WOMENS, VISIT_AT_HOME, EMERGENCY)
        if stream < len(needs):
            self.ask_for(x, needs[stream], event)
        elif stream in CAUSES:
            r = self.begun(x, FLARE, folded(g, 64 + event), priority=VITAL)
            r.target, r.cause, r.marks = HOSPITAL, CAUSES[stream], PLANNED if stream == 12 else 0
        elif stream == 13:
            x.flags = (x.flags & ~ALIVE) | NEWS
            return True
        else:
            self.begin_nursing(x, folded(folded(g, named("nursing")), event))
        return False

    def begin_nursing(self, x: Any, k: int) -> None:
        near = self.w.near_nurses[x.cell]
        if x.nurse_tie < 0:
            x.nurse_tie = int(near[int(len(near) * uniform(folded(k, 2)))])
        if x.nurse_tie >= 0 and not self.in_post(x.nurse_tie):
            x.nurse_tie = self.near_nurse(x)
        if x.nurse_tie < 0:
            return
        if x.home_until < self.t:
            x.home_stops = int(self.p("needs.nursing_episode_stops"))
        x.home_until = max(
            x.home_until, self.t + int(1 + self.p("needs.nursing_episode_weeks") * uniform(folded(k, 1)))
        )

    def report_week(self, x: Any) -> int:
        """A discharge is reported once its 30 days have passed and somebody was seen, 90 at most."""
        return (x.discharge_day + (90 if x.days_to_contact == NONE else 30)) // 7 + 1

    def wake(self, x: Any) -> int:
        if not x.flags & ALIVE:
            return FAR
        t = self.t
        weeks = [t + 52 - (t - x.birth_week) % 52, x.renewal_due_week]
        if x.home_until > t or any(need != NONE for need, _, _ in x.pending):
            weeks.append(t + 1)
        if x.flags & FOLLOWED:
            home = max(x.discharge_day // 7, x.last_stay + 1)
            weeks.append(home if home > t else self.report_week(x))
        weeks += [day // 7 for day in (x.followup_day, x.readmission_day) if day >= 0]
        return max(min(weeks), t + 1)

    # 7.11: the days after a stay.

    def after_stay(self, x: Any) -> None:
        t, p = self.t, self.p
        if x.flags & FOLLOWED and t == max(x.discharge_day // 7, x.last_stay + 1):
            self.comes_home(x)
        if 0 <= x.followup_day <= 7 * t + 6:
            first, day = x.followup_day - x.discharge_day, max(0, x.followup_day - 7 * t)
            k = folded(key(self.seed, "follow_up", x.discharge_day, x.who), 4)
            again = first < 28 and uniform(k) < p("hospital.second_check")
            x.followup_day = x.discharge_day + 30 if again else -1
            if POST not in [need for need, _, _ in x.pending]:
                known = len(self.requests)
                self.ask_for(x, POST, 120)
                for r in self.requests[known:]:
                    r.day = max(r.day, day)
        back, taken = max(0, x.readmission_day - 7 * t), 0 <= x.readmission_day <= 7 * t + 6
        if taken:
            x.readmission_day = -1
            taken = not (x.flags & IF_UNSEEN and x.flags & SEEN_7)
            x.flags &= ~IF_UNSEEN
        if not taken and x.flags & FOLLOWED and t >= self.report_week(x):
            r = self.begun(x, POST, key(self.seed, "follow_up", t, x.who))
            r.target, r.provider = DISCHARGED, int(self.w.near_hospitals[x.cell, 0])
        if taken:
            r = self.begun(x, EMERGENCY, key(self.seed, "readmission", t, x.who), priority=VITAL)
            r.target, r.cause, r.marks, r.day = HOSPITAL, 5, READMITTED, back

    def comes_home(self, x: Any) -> None:
        p, day = self.p, x.discharge_day
        k = key(self.seed, "follow_up", day, x.who)
        hospital = self.w.hospitals[int(self.w.near_hospitals[x.cell, 0])]
        g = x.registered_gp
        tie = float(self.w.physicians["hospital_tie"][g]) if g >= 0 else 0.0
        crowding = float(hospital["occupancy"]) - p("hospital.reference_occupancy")
        chance = (
            float(hospital["p_notice"]) + p("hospital.notice_tie") * tie - p("hospital.notice_occupancy") * crowding
        )
        low, high = p("hospital.notice_bounds")
        chance = min(max(chance, low), high)
        v = uniform(folded(k, 1))
        delay = 7 + 21 * v
        notice = int(hospital["notice_delay_days"])
        if uniform(folded(k, 2)) < chance:
            x.flags |= NOTICED
            delay = 2 * notice * v
        if uniform(folded(k, 3)) < p("hospital.asks_follow_up"):
            delay = 6 * v
        assert g < 0 or float(self.w.physicians["effort"][g, 1]) == float(np.float32(p("care.effort_start")))
        x.followup_day = day + 1 + int(delay)
        k = key(self.seed, "readmission", day, x.who)
        risk = p("hospital.readmission")[1 if x.age >= 75 else 0]
        risk += p("hospital.readmission_polypharmacy") if x.n_drugs >= p("hospital.polypharmacy_drugs") else 0
        if float(hospital["occupancy"]) > p("hospital.crowded"):
            risk *= p("hospital.crowded_readmission")
        u = uniform(folded(k, 1))
        if u < risk:
            x.readmission_day = day + 1 + int(29 * uniform(folded(k, 2)))
            if u >= risk * (1 - p("hospital.readmission_seen")):
                x.flags |= IF_UNSEEN

    # 7.6: where a need is taken.

    def begun(self, x: Any, need: int, k: int, **told: int) -> SimpleNamespace:
        blank = {"provider": -1, "dyad": -1, "physician": -1, "target": GP, "task": 0, "cause": 0, "channel": 0,
                 "misplaced": 0,
                 "priority": int(self.p("needs.priority")[need]), "slot": NEW, "marks": 0, "count": 1, "since": self.t,
                 "minutes_tenths": 0, "gp_minutes_tenths": 0}  # fmt: skip
        day, tie = int(7 * uniform(folded(k, named("contact_day")))), folded(k, named("tie")) >> 32
        r = SimpleNamespace(**{**blank, **told}, patient=x.row, need=need, day=day, tie=tie)
        self.requests.append(r)
        return r

    def ask_for(self, x: Any, need: int, ordinal: int) -> None:
        k = folded(key(self.seed, "request", self.t, x.who), ordinal)
        r = self.begun(x, need, k)
        if need == EMERGENCY:
            r.target, r.provider, r.cause, r.priority = ED, int(self.w.near_hospitals[x.cell, 0]), 6, VITAL
            return
        if need == VISIT_AT_HOME or (need != ADMINISTRATIVE and x.frailty > self.p("needs.home_frailty")):
            r.marks = AT_HOME
        self.address(x, r, k)

    def minutes(self, cell: int, place: int) -> float:
        a, b = self.w.cells[cell], self.w.cells[place]
        km = np.sqrt((a["x_km"] - b["x_km"]) ** 2 + (a["y_km"] - b["y_km"]) ** 2)  # columns of 4 bytes meet: 2.4
        return self.p("territory.travel_base_minutes") + float(km) / self.p("territory.travel_km_per_minute")

    def in_post(self, nurse: int) -> bool:
        return bool(self.w.nurses["in_post"][nurse])

    def near_nurse(self, x: Any) -> int:
        if x.nurse_tie >= 0 and self.in_post(x.nurse_tie):
            return x.nurse_tie
        return next((int(n) for n in self.w.near_nurses[x.cell] if n >= 0 and self.in_post(n)), -1)

    def options(self, x: Any, r: Any, k: int, tastes: int) -> Iterator[tuple[float, int, int]]:
        """Utility, target and provider of every option, in the order of the table."""
        p, doctors = self.p, self.w.physicians

        def physician(g: int) -> float:
            wait = p("choice.wait_day")[r.priority] * float(doctors["posted_wait_days"][g])
            there = p("choice.travel_minute") * self.minutes(x.cell, int(doctors["cell"][g])) - wait
            return there + gumbel(folded(tastes, int(doctors["who"][g])))

        team = int(doctors["team"][x.registered_gp]) if x.registered_gp >= 0 else -1
        if team >= 0:
            t = self.w.teams[team]
            whole_team = range(int(t["first_physician"]), int(t["last_physician"]))
            for g in sorted(whole_team, key=lambda g: g != x.registered_gp):
                own = p("choice.registered") - p("choice.same_team") + p("choice.share_past") * x.share_past / 255
                if doctors["present"][g]:
                    yield physician(g) + p("choice.same_team") + (own if g == x.registered_gp else 0), GP, g
        life = key(self.seed, "open_list", 0, x.who)
        for g in (int(n) for n in self.w.near_physicians[x.cell] if n >= 0):
            is_open = uniform(folded(life, int(doctors["who"][g]))) < float(doctors["list_open"][g])
            if is_open and doctors["team"][g] != team and g != x.known_gp and doctors["present"][g]:
                yield physician(g), GP, g
        if x.known_gp >= 0 and doctors["team"][x.known_gp] != team and doctors["present"][x.known_gp]:
            yield physician(x.known_gp), GP, x.known_gp
        task = self.at_door(x, r.need, k)
        nurse = self.near_nurse(x) if task else -1
        if nurse >= 0 and self.w.nurses["own_door"][nurse] and self.lawful(nurse, task):
            n = self.w.nurses[nurse]
            v = p("choice.nurse_door") + p("choice.travel_minute") * self.minutes(x.cell, int(n["cell"]))
            v += gumbel(folded(tastes, int(n["who"]))) - p("choice.wait_day")[r.priority] * float(n["posted_wait_days"])
            yield v, NURSE, nurse
        if not r.marks & AT_HOME and r.need != PREVENTION:
            young = x.age < p("choice.teleconsultation_age")
            v = p("choice.teleconsultation") + (p("choice.teleconsultation_young") if young else 0)
            yield v + gumbel(folded(tastes, 1)), TELE, -2
        hospital = int(self.w.near_hospitals[x.cell, 0])
        if hospital >= 0 and r.priority <= MEDIUM and r.need not in (VISIT_AT_HOME, ADMINISTRATIVE):
            h = self.w.hospitals[hospital]
            there = self.minutes(x.cell, int(h["cell"])) + float(h["minutes_beyond"])
            v = p("choice.emergency_department") + p("choice.emergency_minute") * there
            v += p("choice.emergency_high") if r.priority == HIGH else 0
            yield v + gumbel(folded(tastes, 2)), ED, hospital
        yield p("choice.ask_again") + gumbel(folded(tastes, 3)), AGAIN, -2
        if r.priority >= MEDIUM:
            v = p("choice.forgo") + p("choice.forgo_illiteracy") * (1 - x.literacy) + gumbel(folded(tastes, 4))
            v += p("choice.forgo_poor") if x.flags & POOR else 0
            v -= float(self.w.teams["navigation"][team]) if team >= 0 else 0
            yield v, FORGO, -2

    def at_door(self, x: Any, need: int, k: int) -> int:
        if need == PREVENTION:
            return 9 if x.prevention_due & 1 else 0
        return self.task(x, need, k) if need == ACUTE else 0

    def lawful(self, nurse: int, task: int) -> bool:
        """The law of 2021 is the table of 5.2, but for vaccines of the self-employed, on prescription until 2022."""
        n = self.w.nurses[nurse]
        scope = int(self.p("tasks.scope")[task][int(n["kind"])])
        return scope != 0 and (scope != 3 or (n["team"] >= 0 and self.w.teams["kind"][int(n["team"])] in (2, 3)))

    def address(self, x: Any, r: Any, k: int) -> None:
        best = -1e30
        for v, target, provider in self.options(x, r, k, folded(k, named("choice"))):
            if v > best:
                best, r.target = v, target
                r.provider = provider if provider > -2 else r.provider
                if target == NURSE:
                    r.task, r.marks = self.at_door(x, r.need, k), r.marks | REPLACES
        if r.target == NURSE:
            r.minutes_tenths = int(10 * self.p("tasks.minutes_nurse")[r.task])
        if r.target == GP:
            self.hand_over(x, r, k)

    # 7.7: what is handed over.

    def task(self, x: Any, need: int, k: int) -> int:
        if need == ACUTE:
            return 19 if uniform(folded(k, named("protocol"))) < self.p("needs.protocol_acute_share") else 0
        if need == PREVENTION:
            return 8 if x.age < 6 else 7 if x.age <= 11 else 9
        if need == PSYCHOSOCIAL:
            return 20 if self.has(x, MENTAL) else 0
        return {RENEWAL: 1, ADMINISTRATIVE: 16, VISIT_AT_HOME: 13, POST: 14, NEWCOMER: 15}.get(need, 0)

    def sort(self, r: Any, error: float, k: int) -> None:
        u = uniform(folded(k, named("triage")))
        if u < error:
            after = [LOW, HIGH, MEDIUM, LOW, HIGH, MEDIUM]
            place = after.index(r.priority)
            r.misplaced = after[place + (1 if u < error / 2 else 2)] - r.priority

    def partner(self, x: Any, g: int, task: int, at_home: bool, k: int) -> int:
        offers, answers = (folded(folded(k, named(name)), task) for name in ("hand_over", "accepts_nurse"))
        for d in range(int(self.w.physicians["dyad_start"][g]), int(self.w.physicians["dyad_end"][g])):
            share, nurse = float(self.w.dyads["share"][d, task]), int(self.w.dyads["nurse"][d])
            who = int(self.w.nurses["who"][nurse])
            if share <= 0 or not self.in_post(nurse) or uniform(folded(offers, who)) >= share:
                continue
            z = self.p("needs.referral_constant") + self.p("needs.referral_trust") * x.trust_nurse
            if at_home:
                z += self.p("needs.referral_home") * x.prefers_home
            else:
                z += self.p("needs.referral_minute") * self.minutes(x.cell, int(self.w.nurses["cell"][nurse]))
            if uniform(folded(answers, who)) < logistic(z):
                return d
        return -1

    def watcher(self, x: Any, g: int, k: int) -> int:
        doctors = self.w.physicians
        if uniform(folded(k, named("informal_watch"))) >= self.p("tasks.informal_watch"):
            return -1
        far = self.minutes(x.cell, int(doctors["cell"][g])) > self.p("tasks.watch_minutes")
        if not far and float(doctors["overload"][g]) <= self.p("tasks.watch_overload"):
            return -1
        if x.nurse_tie >= 0 and self.in_post(x.nurse_tie):
            return x.nurse_tie
        for d in range(int(doctors["dyad_start"][g]), int(doctors["dyad_end"][g])):
            nurse = int(self.w.dyads["nurse"][d])
            if self.w.nurses["kind"][nurse] == 0 and self.in_post(nurse):
                return nurse
        return -1

    def hand_over(self, x: Any, r: Any, k: int) -> None:
        g, at_home = r.provider, bool(r.marks & AT_HOME)
        self.sort(r, float(self.w.teams["desk_error"][int(self.w.physicians["team"][g])]), k)
        r.task = self.task(x, r.need, k)
        d = self.partner(x, g, r.task, at_home, k) if r.task else -1
        watcher = self.watcher(x, g, k) if r.task == 13 and d < 0 else -1
        if d >= 0:
            nurse = self.w.nurses[int(self.w.dyads["nurse"][d])]
            clash = nurse["leader_type"] == self.w.physicians["leads"][g]
            if clash and uniform(folded(folded(k, named("bounce")), int(nurse["who"]))) < self.p("tasks.bounce"):
                r.target = AGAIN
                return
        if d >= 0 or watcher >= 0:
            own = SimpleNamespace(**vars(r))
            if d >= 0:
                self.entrust(
                    r, d, int(self.w.dyads["nurse"][d]), r.task, float(self.w.dyads["validation"][d, r.task]), g, k
                )
            else:
                pairs = range(int(self.w.physicians["dyad_start"][g]), int(self.w.physicians["dyad_end"][g]))
                both = [pair for pair in pairs if self.w.dyads["nurse"][pair] == watcher]
                known = (
                    float(self.w.dyads["validation"][both[-1], 13]) if both else self.p("tasks.validation_start")[13]
                )
                r.channel = 4
                self.entrust(r, both[-1] if both else -1, watcher, 13, known, g, k)
            if not r.marks & REPLACES:
                r.slot, own.task = NEW, 0
                self.requests.append(own)
        if r.need == RENEWAL:
            self.beside(x, r, g, at_home, k)

    def beside(self, x: Any, r: Any, g: int, at_home: bool, k: int) -> None:
        """The condition's own task, beside a renewal."""
        task = 2 if self.has(x, DIABETES) else 4 if self.has(x, COPD) else 3 if x.conditions & 0b110 else 5
        d = self.partner(x, g, task, at_home, k)
        if d >= 0 and uniform(folded(k, task)) < self.p("needs.side_task_share"):
            more = SimpleNamespace(**{**vars(r), "marks": 0})
            validation = float(self.w.dyads["validation"][d, task])
            self.entrust(more, d, int(self.w.dyads["nurse"][d]), task, validation, g, k, may_replace=False)
            more.slot = NEW
            self.requests.append(more)

    def entrust(
        self, r: Any, d: int, nurse: int, task: int, validation: float, g: int, k: int, *, may_replace: bool = True
    ) -> None:
        p = self.p
        r.target, r.provider, r.physician, r.dyad, r.task = NURSE, nurse, g, d, task
        r.minutes_tenths = int(10 * p("tasks.minutes_nurse")[task])
        owed = p("tasks.supervision")[task] * p("tasks.minutes_gp")[task]
        if may_replace and uniform(folded(folded(k, named("substitutes")), task)) < p("tasks.sigma")[task]:
            r.marks |= REPLACES
            if uniform(folded(folded(k, named("validates")), task)) < validation:
                owed += p("tasks.validation_call_minutes")[task]
        r.gp_minutes_tenths = int(10 * owed)


# 7.8 and 7.9: who is served.


def queue(requests: list[Any], week: int) -> list[Any]:
    """Requests of one provider in the order in which they are served."""
    return sorted(requests, key=lambda r: (r.priority + r.misplaced, -min(week - r.since, 255), r.tie))


def serve_nurse(w: Week, j: int, requests: list[Any]) -> Mapping[str, float]:
    """The week of a nurse; marks what is served."""
    n, p = w.w.nurses[j], w.p
    stops = sum(r.count for r in requests if r.target == ROUNDS)
    home = sum(r.minutes_tenths for r in requests if r.target == ROUNDS) / 10
    days = p("service.round_days")
    km = p("service.round_factor") * math.sqrt(stops / days * float(n["area_km2"]))
    taken = home + days * 60 * km / p("service.round_speed") + float(n["collective_minutes"])
    free, used, left = int(10 * (float(n["weekly_minutes"]) - taken)), 0, 0
    for r in queue(requests, w.t):
        r.served = r.target == ROUNDS or used + r.minutes_tenths <= free
        if r.target == NURSE:
            used, left = (used + r.minutes_tenths, left) if r.served else (used, left + r.minutes_tenths)
    busy, weekly = taken + used / 10, float(n["weekly_minutes"])
    memory = p("service.wait_memory")
    return {"posted_wait_days": waits(w, float(n["posted_wait_days"]), weekly, busy, left / 10),
            "load": memory * float(n["load"]) + (1 - memory) * busy / weekly}  # fmt: skip


def waits(w: Week, before: float, capacity: float, used: float, left: float) -> float:
    """The posted wait after a week."""
    memory, share = w.p("service.wait_memory"), min(1.0, used / capacity)
    queued = w.p("service.wait_queue") * share / max(w.p("service.wait_floor"), 1 - share)
    return memory * before + (1 - memory) * (7 * left / capacity + queued)


def serve_physician(w: Week, g: int, requests: list[Any], owed: int, freed: int) -> Mapping[str, float]:
    """The week of a physician who is at work; writes minutes, phone marks and what is served."""
    d, p = w.w.physicians[g], w.p
    team = w.w.teams[int(d["team"])]
    hours = float(d["half_days"]) * p("service.minutes_per_half_day")
    longer, collective, private = divided(w, freed / 10, float(d["overload"]), float(team["more_patients"]))
    unbilled = hours * p("service.unbilled_share")
    start = float(np.float32(p("care.effort_start")))
    effort = sum((float(x) - start) * m for x, m in zip(d["effort"], p("service.effort_minutes"), strict=True))
    collective += float(d["collective_minutes"])
    other = max(-unbilled, effort) + collective + private
    capacity = int(10 * (hours - unbilled)) - owed - int(10 * other)
    for r in requests:
        r.minutes_tenths = length(w, d, team, r)
    consultations = [r for r in requests if not r.marks & (AT_HOME | BY_PHONE)]
    for r in consultations:
        r.minutes_tenths += int(10 * longer / max(1, len(consultations))) if longer > 0 else 0
    overrun = int(10 * p("service.overrun_minutes_per_day") * float(d["half_days"]) / 2)
    used, room = 0, max(capacity, 0)
    ordered = queue(requests, w.t)
    for r in ordered:
        r.served = r.since < w.t and used + r.minutes_tenths <= int(room * (1 - p("service.same_day_reserve")))
        used += r.minutes_tenths if r.served else 0
    for r in ordered:
        if not r.served and used + r.minutes_tenths <= room + overrun:
            r.served, used = True, used + r.minutes_tenths
    left = sum(r.minutes_tenths for r in requests if not r.served)
    minutes, memory = max(1.0, capacity / 10), p("service.wait_memory")
    demand = memory * float(d["demand_share"]) + (1 - memory) * (used + left) / 10 / minutes
    load = (float(np.float32(demand)) - p("service.overload_start")) / p("service.overload_span")
    return {"posted_wait_days": waits(w, float(d["posted_wait_days"]), minutes, used / 10, left / 10),
            "demand_share": demand, "overload": min(max(load, 0), p("service.overload_highest"))}  # fmt: skip


def divided(w: Week, freed: float, overload: float, kept: float) -> tuple[float, float, float]:
    """Freed minutes that go to longer visits, to collective work, to private life."""
    p = w.p
    patients = kept + p("service.freed_overload") * min(overload, 1)
    left = freed * p("service.freed_leak") * max(0, 1 - patients)
    longer = min(left, freed * p("service.freed_leak") * p("service.freed_longer"))
    collective = min(left - longer, freed * p("service.freed_leak") * p("service.freed_collective"))
    return longer, collective, left - longer - collective


def length(w: Week, physician: Any, team: Any, r: Any) -> int:
    """Length of a contact in tenths of a minute; marks what is taken by phone."""
    p = w.p
    if r.marks & AT_HOME:
        return int(10 * p("service.home_visit_minutes"))
    patient = w.w.patients[r.patient]
    if r.priority >= MEDIUM and r.need != RENEWAL:
        k = folded(key(w.seed, "phone_contact", w.t, int(patient["who"])), r.tie)
        if uniform(k) < float(physician["phone_share"]):
            r.marks |= BY_PHONE
            return int(10 * p("service.phone_minutes"))
    mental = r.need == PSYCHOSOCIAL and int(patient["conditions"]) >> MENTAL & 1
    chronic = mental or r.need in (RENEWAL, FLARE, POST, NEWCOMER)
    slot = (
        float(physician["slot_chronic"]) - float(team["desk_minutes_saved"])
        if chronic
        else float(physician["slot_acute"])
    )
    return int(
        10 * max(p("service.shortest_visit"), slot - p("service.overload_minutes") * float(physician["overload"]))
    )

"""The law of the day: texts open tasks one after the other, and a scenario's own law has no date."""

from datetime import date

import numpy as np

from agents.nurses import ADVANCED_PRACTICE, ASALEE, LIBERAL, PATHWAY
from agents.tasks import AUTHORISATION, CLOSED, K01, K02, K05, K09, K12, K19, K20, OPEN, PRESCRIPTION, PROTOCOL
from sim.law import openings, scope_on
from sim.legal_scope import TABLE
from sim.parameters import LABELS, all_parameters, parameter_record

PAR = parameter_record()


def test_nothing_is_pending_today() -> None:
    assert np.array_equal(scope_on(date(2024, 1, 1), PAR), PAR["tasks_scope"][0])


def test_advanced_practice_begins_in_2019() -> None:
    assert (scope_on(date(2018, 12, 31), PAR)[:, ADVANCED_PRACTICE] == CLOSED).all()
    in_2019 = scope_on(date(2019, 1, 1), PAR)[:, ADVANCED_PRACTICE]
    assert in_2019[K01] == OPEN
    assert in_2019[K20] == in_2019[K19] == CLOSED
    assert scope_on(date(2020, 1, 1), PAR)[[K19, K20], ADVANCED_PRACTICE].tolist() == [PROTOCOL, OPEN]


def test_older_texts() -> None:
    in_2008 = scope_on(date(2008, 1, 1), PAR)
    assert in_2008[K02, [LIBERAL, ASALEE]].tolist() == [CLOSED, CLOSED]
    assert scope_on(date(2010, 1, 1), PAR)[K02, [LIBERAL, ASALEE]].tolist() == [PROTOCOL, CLOSED]
    assert scope_on(date(2016, 1, 1), PAR)[K02, ASALEE] == AUTHORISATION
    assert scope_on(date(2016, 1, 1), PAR)[K09, LIBERAL] == PRESCRIPTION
    assert in_2008[K12, LIBERAL] == PRESCRIPTION, "what has no date was always so"
    assert in_2008[K05, PATHWAY] == OPEN


def test_a_reform_of_the_scenario_has_no_date() -> None:
    table = np.array(all_parameters()[TABLE].value)
    table[K01, ADVANCED_PRACTICE] = PRESCRIPTION
    reformed = scope_on(date(2010, 1, 1), parameter_record({TABLE: table.tolist()}))
    assert reformed[K01, ADVANCED_PRACTICE] == PRESCRIPTION
    assert reformed[K05, ADVANCED_PRACTICE] == CLOSED


def test_every_text_says_where_it_is_from() -> None:
    texts = openings()
    assert [text.valid_from for text in texts] == sorted(text.valid_from for text in texts)
    assert all(text.label in LABELS and text.source and text.title for text in texts)


def test_every_task_of_advanced_practice_has_a_date() -> None:
    named = {task for text in openings() if ADVANCED_PRACTICE in text.nurses for task in text.tasks}
    assert named == set(np.flatnonzero(PAR["tasks_scope"][0][:, ADVANCED_PRACTICE] != CLOSED).tolist())

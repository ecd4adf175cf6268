"""Rules flag a terminal line and change nothing."""

import pandas as pd
import pytest

from cutbook.stats.nca import AcceptanceLimits, NcaReason, acceptance, nca
from profiles_of import GOOD, one_dose, samples


def judged(code, value, **limits):
    found = pd.DataFrame({"id": ["A"], "start": 0.0, "end": 24.0, "parameter": code, "value": value, "reason": ""})
    return acceptance(found, AcceptanceLimits(**limits))["is_met"].tolist()


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("R2ADJ", 0.9, True), ("R2ADJ", 0.8999, False), ("LAMZSPN", 2.0, True), ("LAMZSPN", 1.99, False),
        ("LAMZNPT", 3, True), ("LAMZNPT", 2, False), ("AUCPEO", 20.0, True), ("AUCPEO", 20.1, False),
        ("AUCPBEO", 20.0, True), ("AUCPBEO", 20.1, False),
    ],
)  # fmt: skip
def test_a_value_at_its_limit_meets_the_rule(code, value, expected):
    assert judged(code, value) == [expected]


def test_a_limit_can_be_another_or_none():
    assert judged("R2ADJ", 0.85, adj_r2=0.8) == [True]
    assert judged("R2ADJ", 0.85, adj_r2=None) == []


def test_a_rule_without_a_value_is_neither_met_nor_broken_and_says_why():
    conc = samples(A=GOOD, B=([0, 1, 2], [0, 4, 2]))
    found = nca(conc, one_dose(conc))
    before = found.copy()
    rules = acceptance(found).set_index(["id", "parameter"])
    assert rules.loc["A", "is_met"].tolist() == [True] * 4
    assert rules.loc["B", "is_met"].isna().all()
    assert set(rules.loc["B", "reason"]) == {NcaReason.TOO_FEW}
    pd.testing.assert_frame_equal(found, before)

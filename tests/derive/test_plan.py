import pandas as pd
import pytest

from cutbook.derive.plan import against_plan

DAYS, WINDOWS = [1, 15, 29], [0, 1, 2]


def became(days, last=100.0, *, is_over=False):
    doses = pd.DataFrame({"USUBJID": "1", "ADY": pd.Series(days, dtype="float64")})
    people = pd.DataFrame({"USUBJID": ["1"], "KEY": ["dm/1"], "LASTDY": [last], "IS_OVER": [is_over]})
    return against_plan(doses, people, DAYS, WINDOWS)["STATUS"].tolist()


@pytest.mark.parametrize(
    ("days", "last", "is_over", "answer"),
    [
        ([1, 15, 29], 100, False, ["GIVEN", "GIVEN", "GIVEN"]),
        ([1, 16, 31], 100, False, ["GIVEN", "GIVEN", "GIVEN"]),  # at the end of the windows
        ([1, 17, 32], 100, False, ["GIVEN", "LATE", "LATE"]),  # one day beyond
        ([1, 13, 26], 100, False, ["GIVEN", "EARLY", "EARLY"]),
        ([1, 29], 100, False, ["GIVEN", "MISSED", "GIVEN"]),  # the third is no second
        ([1, 22], 100, False, ["GIVEN", "LATE", "MISSED"]),  # as near to both: the earlier
        ([1], 15, False, ["GIVEN", "NOTDUE", "NOTDUE"]),  # the last day of the window is still to come
        ([1], 16, False, ["GIVEN", "MISSED", "NOTDUE"]),
        ([1], 16, True, ["GIVEN", "MISSED", "LEFT"]),
        ([1], float("nan"), True, ["GIVEN", "NOTTOLD", "NOTTOLD"]),
        ([], 100, False, ["MISSED", "MISSED", "MISSED"]),
        ([1, 14, 15, 29], 100, False, ["GIVEN", "GIVEN", "GIVEN"]),  # a second attempt of one dose
    ],
)
def test_a_planned_dose_was_given_early_late_or_missed_or_is_not_due(days, last, is_over, answer):
    assert became(days, last, is_over=is_over) == answer

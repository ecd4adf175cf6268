import pandas as pd
import pytest

from cutbook.derive.events.medication import medication, of_participants

ADSL = pd.DataFrame(
    {
        "USUBJID": ["1", "2"],
        "KEY": ["dm/1", "dm/2"],
        "SAFFL": ["Y", "N"],
        "TRTSDT": pd.to_datetime(["2021-03-10", None]),
    }
)


def flags(start, end, who="1", **more):
    cm = pd.DataFrame([{"USUBJID": who, "CMDECOD": "X", "CMSTDTC": start, "CMENDTC": end, **more}])
    row = medication({"cm": cm}, ADSL).iloc[0]
    return row["PREFL"] + row["CONFL"]


@pytest.mark.parametrize(
    ("start", "end", "answer"),
    [
        ("2021-01-01", "2021-02-01", "YN"),  # over before the first dose
        ("2021-01-01", "2021-03-09", "YN"),  # the day before
        ("2021-01-01", "2021-03-10", "YY"),  # on its day
        ("2021-01-01", None, "YY"),  # going on
        ("2021-01-01", "2021-03", "YY"),  # may have ended after it
        ("2021-01-01", "2021-02", "YN"),
        (None, None, "YY"),  # begun on a day not known
        ("2021-03-10", None, "NY"),
        ("2021-04-01", "2021-04-02", "NY"),
        ("2021", None, "YY"),  # as early as the year allows
    ],
)
def test_medicines_are_prior_concomitant_or_both_by_their_dates(start, end, answer):
    assert flags(start, end) == answer


def test_what_was_not_taken_and_those_who_were_not_treated_count_in_neither():
    assert flags("2021-04-01", None, CMOCCUR="N") == "NN"
    assert flags("2021-04-01", None, who="2") == "NN"


def test_records_have_the_key_of_their_participant_and_nobody_else_has_any():
    dv = pd.DataFrame({"USUBJID": ["1", "9"], "DVDECOD": ["LATE", "LATE"]})
    made = of_participants({"dv": dv}, "dv", ADSL)
    assert made[["USUBJID", "KEY", "DVDECOD"]].to_numpy().tolist() == [["1", "dm/1", "LATE"]]
    assert of_participants({}, "dv", ADSL).empty

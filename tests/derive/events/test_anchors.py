import pandas as pd
import pytest

from cutbook.derive.events.anchors import procedures, with_anchors
from cutbook.parameters.study import Procedure

DOSES = pd.DataFrame(
    {
        "USUBJID": ["1", "1", "2"],
        "OCC": [1.0, 2.0, 1.0],
        "ADT": pd.to_datetime(["2021-01-01", "2021-01-15", "2021-03-01"]),
        "ADTM": pd.to_datetime(["2021-01-01T09:00", "2021-01-15T09:00", None]),
    }
)


def anchored(start, who="1", imputed=None):
    day = pd.to_datetime(pd.Series([start])).dt.floor("D")
    events = pd.DataFrame(
        {"USUBJID": [who], "ASTDT": day, "AESTDTC": [start], "ASTDTF": pd.Series([imputed], dtype="str")}
    )
    row = with_anchors(events, DOSES, DOSES.iloc[:0]).iloc[0]
    return (row["ADOSE"], row["ADOSEDY"])


NOTHING = (pytest.approx(float("nan"), nan_ok=True), pytest.approx(float("nan"), nan_ok=True))


@pytest.mark.parametrize(
    ("start", "who", "imputed", "answer"),
    [
        ("2020-12-31", "1", None, NOTHING),  # before the first dose
        ("2021-01-01", "1", None, (1, 0)),  # on its day, at a time not known
        ("2021-01-01T08:59", "1", None, NOTHING),  # earlier that day by the clock
        ("2021-01-01T09:00", "1", None, (1, 0)),  # at that very minute
        ("2021-01-14", "1", None, (1, 13)),  # the day before the second
        ("2021-01-15T08:00", "1", None, (1, 14)),  # on the day of the second, before it
        ("2021-01-15T09:01", "1", None, (2, 0)),
        ("2021-01-15T00:00", "1", None, (2, 0)),  # midnight is a time not collected
        ("2021-06-01", "1", None, (2, 137)),
        ("2021-01-20", "1", "D", NOTHING),  # its day was imputed
        ("2021-03-01T00:01", "2", None, (1, 0)),  # the time of the dose is not known
        ("2021-03-01", "3", None, NOTHING),  # had no dose
    ],
)  # fmt: skip
def test_an_event_comes_after_the_last_dose_before_it(start, who, imputed, answer):
    assert anchored(start, who, imputed) == answer


def test_events_keep_their_order_and_those_of_nobody_stay():
    empty = pd.DataFrame({"USUBJID": pd.Series(dtype="str"), "ASTDT": pd.Series(dtype="datetime64[s]")})
    assert len(with_anchors(empty, DOSES, DOSES)) == 0
    both = pd.DataFrame({"USUBJID": ["2", "1"], "ASTDT": pd.to_datetime(["2021-03-02", "2021-01-02"])}, index=[7, 3])
    made = with_anchors(both, DOSES, DOSES)
    assert made.index.tolist() == [7, 3]
    assert made["APROCDY"].tolist() == [1, 1]


def test_procedures_are_those_of_the_study_file_that_were_done_on_a_known_day():
    pr = pd.DataFrame(
        {
            "USUBJID": ["1", "1", "1", "1", "1", "9"],
            "PRDECOD": ["LUMBAR PUNCTURE"] * 2 + ["GASTROSTOMY"] + ["LUMBAR PUNCTURE"] * 3,
            "PRSTDTC": ["2021-01-15T08:48", "2021-01-01T08:48", "2021-01-02", "2021-02", "2021-02-20", "2021-01-01"],
            "PROCCUR": [None, None, None, None, "N", None],
        }
    )  # fmt: skip
    adsl = pd.DataFrame({"USUBJID": ["1"], "TRTSDT": pd.to_datetime(["2021-01-01"])})
    procedure = Procedure(label="puncture", dataset="pr", where={"PRDECOD": "LUMBAR PUNCTURE"})
    made = procedures({"pr": pr}, procedure, adsl)
    assert list(zip(made["OCC"], made["ADY"], strict=True)) == [(1, 1), (2, 15)]

"""A year typed wrong is told; a study that went on, a birth and a short transfer are not."""

import pandas as pd
import pytest

from cutbook.data.checks.contradictions.years import year_issues
from cutbook.data.checks.records import ON_FIRST_LINES

KIND = "Dated more than half a year after all other dates of the transfer"


def transfer(*later: str, number: int = 30) -> dict[str, pd.DataFrame]:
    """Return a day of vital signs for every day of a month, and doses on given dates."""
    days = [f"{day:%Y-%m-%d}" for day in pd.date_range("2021-03-01", periods=number)]
    vs = pd.DataFrame({"USUBJID": "P1", "VSSEQ": [float(at) for at in range(number)], "VSDTC": days}, dtype="object")
    ex = pd.DataFrame(
        {"USUBJID": "P1", "EXSEQ": [float(at) for at in range(1, len(later) + 1)], "EXSTDTC": list(later)},
        dtype="object",
    )
    return {"vs": vs.astype({"VSDTC": "str"}), "ex": ex.astype({"EXSTDTC": "str"})}


def told(datasets: dict[str, pd.DataFrame]) -> list[tuple[str, str, int | None, int | None]]:
    found = list(year_issues(datasets))
    assert all((issue.kind, issue.weight) == (KIND, ON_FIRST_LINES) for issue in found)
    return [(issue.dataset, issue.variable, issue.row, issue.records) for issue in found]


@pytest.mark.parametrize(
    ("later", "found"),
    [
        (["2021-03-08", "2031-03-15"], [("ex", "EXSTDTC", 2, 1)]),
        (["2031-03-08T09:00", "2121-03-15"], [("ex", "EXSTDTC", 1, 2)]),
        (["2021-03-08", "2022"], [("ex", "EXSTDTC", 2, 1)]),
        (["2021-03-08", "2021-09-29"], []),
        (["2021-03-08", "2021-10-01"], [("ex", "EXSTDTC", 2, 1)]),
        (["2022-03-08", "2022-03-15", "2022-03-22", "2022-03-29"], []),
        (["2021-03-08", ""], []),
    ],
    ids=["one", "two", "partial", "within half a year", "beyond it", "the study went on", "no date"],
)
def test_a_few_dates_long_after_all_others_are_told(later, found):
    assert told(transfer(*later)) == found


def test_few_dates_say_nothing_of_each_other():
    assert told(transfer("2031-03-08", number=5)) == []


def test_a_transfer_without_dates_has_nothing_to_tell():
    assert told({"dm": pd.DataFrame({"USUBJID": ["P1"]})}) == []
    assert told({}) == []

"""Measurements of lean transfers: a number without a text, a unit or a name is a result all the same."""

from __future__ import annotations

import pytest

from cutbook.derive.measurements.findings import collected_findings
from derive.cases import adsl, numbers, table, texts


def test_a_number_without_its_text_is_a_result_with_itself_as_text():
    vs = table("USUBJID VSTESTCD VSSTRESN VSDTC", ("01", "WEIGHT", 65.2, "2024-03-01"))
    found = collected_findings({"vs": vs}, "vs", {}, adsl())
    assert (numbers(found["AVAL"]), texts(found["AVALC"]), found["IS_USABLE"].tolist()) == ([65.2], ["65.2"], [True])
    assert (texts(found["PARAM"]), texts(found["AVALU"])) == (["WEIGHT"], [None])


@pytest.mark.parametrize(
    ("values", "decimals"), [((65.0, 66.0), 0), ((65.2, 66.0), 1), ((65.25, 66.0), 2), ((82.16524260492159, 66.0), 3)]
)
def test_numbers_without_texts_have_their_own_decimals_at_most_three(values, decimals):
    vs = table("USUBJID VSTESTCD VSSTRESN", *(("01", "WEIGHT", value) for value in values))
    assert set(collected_findings({"vs": vs}, "vs", {}, adsl())["DECIMALS"]) == {decimals}

from __future__ import annotations

import pandas as pd

from cutbook.derive.records import number_column, text_column


def test_text_that_is_no_number_is_missing_as_a_number_and_so_are_words_for_infinity() -> None:
    frame = pd.DataFrame({"QVAL": ["1.5", "1e5", "nan", "None", "inf", "-Infinity", None]}, dtype="str")
    assert number_column(frame, "QVAL").fillna(-1).tolist() == [1.5, 1e5, -1, -1, -1, -1, -1]


def test_words_that_look_like_values_are_text() -> None:
    frame = pd.DataFrame({"QVAL": ["nan", "None", "inf", "NA", "", None]}, dtype="str")
    assert text_column(frame, "QVAL").fillna("-").tolist() == ["nan", "None", "inf", "NA", "-", "-"]

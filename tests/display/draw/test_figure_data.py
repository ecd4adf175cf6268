import csv
import io

import pandas as pd
import pytest

from cutbook.display.draw.drawing import figure_data
from cutbook.display.look.frame import Figure


def read(text):
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "  @"])
def test_text_that_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe(sign):
    assert read(figure_data(pd.DataFrame({"A": [f"{sign}cmd()"]})))[1] == [f"'{sign}cmd()"]


def test_numbers_stay_numbers_and_other_text_stays_as_it_is():
    frame = pd.DataFrame({"A": ["20 mg", "a=1", 'A B"<', "x,y", "é"], "N": [-2.5, 0.0, 1234567.0, 1 / 3, float("nan")]})
    assert read(figure_data(frame)) == [
        ["A", "N"], ["20 mg", "-2.5"], ["a=1", "0"], ['A B"<', "1.23457e+06"], ["x,y", "0.333333"], ["é", ""],
    ]  # fmt: skip


def test_frames_stand_below_each_other_and_missing_fields_are_empty():
    text = figure_data(pd.DataFrame({"A": ["x"], "N": [1.0]}), pd.DataFrame({"A": [None], "M": [2.0]}))
    assert text == "A,N,M\r\nx,1,\r\n,,2\r\n"


def test_a_frame_without_rows_is_its_header():
    assert figure_data(pd.DataFrame({"A": [], "B": []})) == "A,B\r\n"


def test_the_data_of_a_figure_are_an_address_that_cannot_leave_its_attribute():
    hostile = figure_data(pd.DataFrame({"A": ['"><img src=x onerror=alert(1)>#&%']}))
    figure = Figure("F-x", "Title", "All", b"x", "alt", data=hostile)
    assert figure.download.startswith("data:text/csv;charset=utf-8,A%0D%0A")
    assert not set('"<>#&\r\n') & set(figure.download)
    assert 'download="F-x.csv"' in figure._repr_html_()

from types import SimpleNamespace

import pytest

from cutbook.display.look.elements import Column
from cutbook.display.look.headings import headed


def seen(labels, compound="Drug", drugs=()):
    study = SimpleNamespace(treatment=SimpleNamespace(compound=compound, drugs=list(drugs)))
    return [(one.spanner, one.label) for one in headed([Column(label, code=label) for label in labels], study)]


def test_the_drug_stands_once_above_its_doses_and_its_total():
    labels = ["Placebo", "Drug 10 mg", "Drug 20 mg", "Drug total", "All participants"]
    assert seen(labels) == [
        ("", "Placebo"), ("Drug", "10 mg"), ("Drug", "20 mg"), ("Drug", "Total"), ("", "All participants"),
    ]  # fmt: skip


def test_each_of_several_drugs_stands_above_its_own():
    labels = ["A 10 mg", "A 20 mg", "AB 5 mg", "AB 10 mg", "Placebo"]
    assert [above for above, _ in seen(labels, "AB", ["A"])] == ["A", "A", "AB", "AB", ""]


@pytest.mark.parametrize("labels", [["Low dose", "High dose"], ["Placebo", "Drug 10 mg", "All"], ["Drug", "Drugged"]])
def test_labels_without_the_drug_or_one_alone_stay(labels):
    assert seen(labels) == [("", label) for label in labels]


def test_the_name_of_the_drug_is_found_whatever_its_case_and_shown_as_in_the_label():
    assert seen(["DRUG 1 mg", "DRUG 2 mg"], drugs=["drug"]) == [("DRUG", "1 mg"), ("DRUG", "2 mg")]


def test_columns_that_are_no_arms_stay():
    study = SimpleNamespace(treatment=SimpleNamespace(compound="Drug", drugs=[]))
    columns = (Column("Drug total − placebo"), Column("Drug 10 mg − placebo"))
    assert headed(columns, study) == columns

"""What stands in everybody's course of an endpoint: unscheduled values after the first dose too."""

from types import SimpleNamespace

import pandas as pd

from cutbook.catalogue.endpoints import _course
from cutbook.parameters.study import Endpoint

ROWS = """
-10        - - - 1 30
  1 BASELINE Y - 1 20
 15    WEEK2 Y Y 1 18
 17    WEEK2 - Y 1 40
 22        - - Y 1 15
 23        - - Y 0 99
"""
"""Study day, visit, whether chosen for it, whether after the first dose, whether usable, value; ``-``: missing."""


def drawn(study, **more):
    rows = [line.split() for line in ROWS.strip().splitlines()]
    bds = pd.DataFrame(rows, columns=["ADY", "AVISITID", "ANL01FL", "APOBLFL", "IS_USABLE", "AVAL"]).replace("-", None)
    where = {"LBTESTCD": ["SOD1"]}
    known = {"paramcd": "SOD1", "label": "CSF SOD1", "dataset": "lb", "where": where, "schedule": "visits"}
    endpoint = Endpoint.model_validate(known)
    given = bds.assign(
        USUBJID="01", PARAMCD=endpoint.paramcd, TRT01AN=1.0, DTYPE=None, ADY=bds["ADY"].astype("float64"),
        AVAL=bds["AVAL"].astype("float64"), IS_USABLE=bds["IS_USABLE"].eq("1"),
    )  # fmt: skip
    adsl = pd.DataFrame({"USUBJID": ["01"], endpoint.population: ["Y"]})
    frames = SimpleNamespace(adeff=given.drop(columns=more.get("without", [])), adsl=adsl)
    found = _course(study, endpoint).drawn(frames)
    return list(zip(found["ADY"], found["AVISITID"].fillna("-"), found["AVAL"], strict=True))


def test_values_of_no_visit_and_those_not_chosen_for_one_are_in_the_course(study):
    assert drawn(study) == [
        (1, "BASELINE", 20), (15, "WEEK2", 18), (17, "-", 40), (22, "-", 15),
    ]  # fmt: skip


def test_of_delivered_values_those_chosen_for_a_visit_alone(study):
    assert drawn(study, without=["IS_USABLE"]) == [(1, "BASELINE", 20), (15, "WEEK2", 18)]

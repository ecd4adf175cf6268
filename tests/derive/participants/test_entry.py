"""Who entered and who failed screening, where the flag that says so is absent."""

from __future__ import annotations

import pandas as pd
import pytest

from cutbook.derive.participants.assignment import entry_flags, screen_failures
from cutbook.parameters.study.treatment import Arm, Treatment

TREATMENT = Treatment(compound="X", dose_unit="mg", arms=[Arm(code="A10", label="10 mg", dose=10)])
NOBODY = pd.Series([False])


def adsl(**columns: str | None) -> pd.DataFrame:
    values = dict.fromkeys(("RANDFL", "SCRFFL", "TRT01P", "ARMCD")) | columns
    return pd.DataFrame({name: pd.Series([value], dtype="str") for name, value in values.items()})


@pytest.mark.parametrize(
    ("delivered", "flag"),
    [
        ({"ITTFL": "Y", "TRT01P": None}, "Y"),
        ({"ITTFL": "N", "TRT01P": "10 mg"}, "N"),
        ({"TRT01P": "10 mg"}, "Y"),
        ({"ARMCD": "A10"}, "Y"),
        ({"TRT01P": "Screen Failure", "ARMCD": "SCRNFAIL"}, "N"),
    ],
)
def test_without_its_flag_entry_is_that_of_ittfl_and_else_of_the_planned_arm(delivered, flag):
    assert entry_flags(adsl(**delivered), adsl(**delivered), TREATMENT)["RANDFL"].tolist() == [flag]


def test_a_flag_that_was_delivered_stays_as_it_is():
    assert "RANDFL" not in entry_flags(adsl(RANDFL="N", TRT01P="10 mg"), adsl(), TREATMENT)


@pytest.mark.parametrize(
    ("dm", "flag"),
    [
        ({"ARMCD": "SCRNFAIL"}, "Y"),
        ({"ARMCD": None, "ACTARMCD": "SCRNFAIL"}, "Y"),
        ({"ARMCD": None, "ACTARMCD": "NOTASSGN"}, "N"),
    ],
)
def test_dm_tells_a_screen_failure_whether_the_study_file_lists_its_code_or_not(dm, flag):
    frame = pd.DataFrame({name: pd.Series([value], dtype="str") for name, value in dm.items()})
    assert screen_failures(frame, TREATMENT, is_randomised=NOBODY, has_failed=NOBODY).tolist() == [flag]


@pytest.mark.parametrize(("doses", "heading"), [([0, 10], "Active"), ([5, 10], ""), ([10], "")])
def test_arms_that_all_have_a_dose_are_not_pooled_beside_everybody(doses, heading):
    arms = [Arm(code=f"A{dose}", label=f"{dose} mg", dose=dose) for dose in doses]
    treatment = Treatment(compound="X", dose_unit="mg", arms=arms, total_active="Active")
    assert treatment.pooled_active == heading

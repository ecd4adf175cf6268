"""Numbers that figures say of the participants they draw."""

import pandas as pd

from cutbook.results.layers.figures import new_participants
from given import given_frames


def test_the_new_are_those_randomised_or_treated_since(study):
    columns = ["USUBJID", "RANDFL", "SAFFL"]
    before = pd.DataFrame([["1", "Y", "Y"], ["2", "N", "N"], ["3", "Y", "N"]], columns=columns)
    now = pd.DataFrame([["1", "Y", "Y"], ["2", "Y", "N"], ["3", "Y", "Y"], ["4", "N", "N"]], columns=columns)
    assert new_participants(given_frames(study, adsl=now), given_frames(study, adsl=before)) == {"2"}


def test_nobody_is_new_where_the_previous_cut_is_not_known(adsl, study):
    assert new_participants(given_frames(study, adsl=adsl), None) == frozenset()


def test_somebody_treated_since_is_new_also_without_having_been_randomised(study):
    columns = ["USUBJID", "RANDFL", "SAFFL"]
    before, now = (pd.DataFrame([["1", "N", treated]], columns=columns) for treated in ("N", "Y"))
    assert new_participants(given_frames(study, adsl=now), given_frames(study, adsl=before)) == {"1"}

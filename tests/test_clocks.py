"""Offsets from UTC: what elapsed takes account of them, and the local clock is what is shown."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from case_study import CaseStudy
from cutbook.clocks import clock_difference
from cutbook.data.checks.dosing.frequencies import frequencies
from test_fuzz_of_codes import known


@pytest.mark.parametrize(
    ("dosed", "sampled", "later_by"),
    [("", "", 0), ("+02:00", "+02:00", 0), ("+01:00", "+02:00", -60), ("+0200", "+01", 60), ("Z", "-05:30", 330)],
)
def test_the_time_since_a_dose_is_that_of_the_clock_of_both(
    shared: Path, dosed: str, sampled: str, later_by: int
) -> None:
    base = known(shared)
    ex, pc = (base.datasets[name] for name in ("ex", "pc"))
    changed = {"ex": ex.assign(EXSTDTC=ex["EXSTDTC"] + dosed), "pc": pc.assign(PCDTC=pc["PCDTC"] + sampled)}
    ours, before = CaseStudy(base.study, {**base.datasets, **changed}).frames.adpc, base.frames.adpc
    assert (ours["DEVMIN"] - before["DEVMIN"]).round(6).unique().tolist() == [later_by]
    assert ours["ADTM"].equals(before["ADTM"])


def test_a_reference_time_in_another_zone_names_the_dose_of_that_moment(shared: Path) -> None:
    base = known(shared)
    ex, pc = (base.datasets[name] for name in ("ex", "pc"))
    named = pc.assign(PCRFTDTC=pc["USUBJID"].map(ex.drop_duplicates("USUBJID").set_index("USUBJID")["EXSTDTC"]))
    named = named.assign(PCRFTDTC=named["PCRFTDTC"].str.replace("T09:00", "T08:00") + "+01:00")
    case = CaseStudy(base.study, {**base.datasets, "ex": ex.assign(EXSTDTC=ex["EXSTDTC"] + "+02:00"), "pc": named})
    assert not any("reference time" in text for text in case.findings)
    assert case.frames.adpc["DEVMIN"].round(6).equals(base.frames.adpc["DEVMIN"].round(6))


def test_a_night_on_which_the_clock_is_put_back_is_longer_than_a_day() -> None:
    """From 10:00 in summer time to 09:30 in winter time pass 24.5 hours: that is a period, and no dose within a day."""
    night = pd.DataFrame({"EXSTDTC": ["2024-10-26T10:00+02:00"], "EXENDTC": ["2024-10-27T09:30+01:00"]})
    assert frequencies(night, None)["IS_SINGLE"].tolist() == [False]
    local = pd.DataFrame({"EXSTDTC": ["2024-10-26T10:00"], "EXENDTC": ["2024-10-27T09:30"]})
    assert frequencies(local, None)["IS_SINGLE"].tolist() == [True]


def test_dates_of_which_only_one_states_an_offset_differ_by_their_local_clocks() -> None:
    stated, silent = pd.Series(["2024-03-05T10:00+02:00"]), pd.Series(["2024-03-05T10:00"])
    assert clock_difference(stated, silent).dt.total_seconds().tolist() == [0.0]

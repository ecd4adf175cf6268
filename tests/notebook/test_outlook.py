"""What a check says of every display before anything is rendered."""

from __future__ import annotations

from dataclasses import replace

from cutbook.notebook.outlook import outlook
from reported import as_first

NO_ECG, NO_SAMPLES = "Not delivered: electrocardiograms (EG).", "Not delivered: concentrations (PC)."

OF_SAMPLES = [
    "T-E13", "L-E1", "F-E11", "T-G4", "F-G4", "T-G4S", "T-G4Q",
    *(
        f"{name}-{{number}}"
        for name in (
            "T-E2", "F-E3", "T-E4", "T-E4W", "T-E5", "F-E6", "T-E7", "T-E8", "F-E8", "T-E9", "T-E10", "T-E14", "T-G6",
        )
    ),
]  # fmt: skip


def mute(cut):
    return {told.display: told.reason for told in outlook(cut) if not told.has_something}


def test_what_was_not_delivered_is_said_of_each_display_that_rests_on_it(staged):
    whole = as_first(staged("C1"))
    part = {name: frame for name, frame in whole.datasets.items() if name not in ("eg", "pc")}
    lacking = mute(replace(whole, datasets=part))
    told = {display: why for display, why in lacking.items() if display not in mute(whole)}
    assert told == {
        **dict.fromkeys(("T-D21-{parameter}", "F-D21", "T-D21C", "T-D21CV"), NO_ECG),
        **dict.fromkeys(OF_SAMPLES, NO_SAMPLES),
    }


def test_displays_that_the_data_fill_have_something_to_show(staged):
    filled = {told.display for told in outlook(as_first(staged("C1"))) if told.has_something}
    assert {"T-D1", "T-D5", "F-D15", "T-D21-{parameter}", "F-D21", "T-E13", "F-E3-{number}", "L-D9-serious"} <= filled

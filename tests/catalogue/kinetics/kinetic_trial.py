"""Samples whose parameters can be found by hand: halving concentrations after a peak, two doses, two arms."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cutbook.catalogue import Display
from cutbook.derive import Frames
from cutbook.display import show
from cutbook.display.look.numbers import with_text
from cutbook.parameters.study import Study
from cutbook.results.engine import compute_all
from display.as_shown import _read
from display.pages import a_page
from given import given_frames

HOURS = (0.0, 1.0, 2.0, 4.0, 6.0, 8.0)
HALVING = (0.0, 16.0, 8.0, 4.0, 2.0, 1.0)
"""Half-life 2 h from 2 h on; the first step falls faster."""

RISING = (0.0, 1.0, 2.0, 4.0, 6.0, 9.0)


def study(**rules: object) -> Study:
    """Return a study of a placebo and two doses with plasma profiles."""
    arms = [
        {"code": "P", "label": "Placebo", "dose": 0},
        {"code": "A", "label": "10 mg", "dose": 10},
        {"code": "B", "label": "20 mg", "dose": 20},
    ]
    matrix = {"label": "Plasma", "specimen": "PLASMA", "testcd": "X", "unit": "ng/mL"}
    return Study.model_validate(
        {
            "id": "k", "title": "K", "is_synthetic": True, "sources": {"root": "x", "required": ["dm", "pc"]},
            "treatment": {"compound": "K", "dose_unit": "mg", "arms": arms, "planned_doses": 2},
            "data_cut": {"included": {"dataset": "dm", "date": "RFSTDTC"}},
            "pharmacokinetics": {"matrices": [matrix], **rules},
        }
    )  # fmt: skip


def profile(subject: str, arm: str, conc: tuple[float, ...], *, dose: float = 1.0, late: float = 0.0) -> pd.DataFrame:
    """Return the samples of one dose; 0 is below the limit of 0.5. The dose is given at 08:00, 7 days after another."""
    start = pd.Timestamp("2024-01-01 08:00") + pd.Timedelta(days=7 * (dose - 1))
    hours = [hour + (late if hour > 0 else -0.5) for hour in HOURS]
    number = 0.0 if arm == "Placebo" else float(arm.removesuffix(" mg"))
    moments = [start + pd.Timedelta(hours=hour) for hour in hours]
    return pd.DataFrame(
        {
            "USUBJID": subject, "MATRIX": "Plasma", "PARAMCD": "X",
            "AVAL": [value or float("nan") for value in conc],
            "AVALC": [f"{value:g}" if value else "<0.5" for value in conc], "AVALU": "ng/mL", "LLOQ": 0.5,
            "BLQFL": ["N" if value else "Y" for value in conc], "VISIT": f"DAY {7 * (dose - 1) + 1:g}",
            "VISITNUM": dose, "ATPT": "", "NOMTIME": HOURS, "ATIME": hours,
            "DEVMIN": [60 * (hour - plan) for hour, plan in zip(hours, HOURS, strict=True)], "DOSEOCC": dose,
            "ADTM": moments, "ADT": [moment.floor("D") for moment in moments], "ADY": 7 * (dose - 1) + 1,
            "DOSE01A": number, "TRT01A": arm, "TRT01AN": number, "SAFFL": "Y", "PKFL": "Y",
            "AVALD": [value or 0.0 for value in conc],
            "KEY": [f"pc/{subject}/{10 * dose + place:.0f}" for place in range(len(HOURS))],
        }
    )  # fmt: skip


def administrations(adpc: pd.DataFrame) -> pd.DataFrame:
    """Return the doses that the samples name."""
    given = adpc.drop_duplicates(["USUBJID", "DOSEOCC"])
    start = pd.Timestamp("2024-01-01 08:00") + pd.to_timedelta(7 * (given["DOSEOCC"] - 1), unit="D")
    return pd.DataFrame(
        {
            "USUBJID": given["USUBJID"], "EXSEQ": given["DOSEOCC"], "EXDOSE": given["DOSE01A"],
            "STARTDT": start.dt.floor("D"), "STARTDTM": start, "ENDDT": start.dt.floor("D"), "ENDDTM": start,
            "PERDAY": float("nan"), "IS_SINGLE": True, "DOSEOCC": given["DOSEOCC"],
        }
    ).reset_index(drop=True)  # fmt: skip


def frames(own: Study, *parts: pd.DataFrame) -> Frames:
    """Return derived datasets of samples."""
    adpc = pd.concat(parts, ignore_index=True)
    people = adpc.drop_duplicates("USUBJID")
    adsl = pd.DataFrame(
        {
            "USUBJID": people["USUBJID"], "TRT01A": people["TRT01A"], "TRT01P": people["TRT01A"], "SAFFL": "Y",
            "RANDFL": "Y", "PKFL": people["TRT01A"].ne("Placebo").map({True: "Y", False: "N"}),
            "KEY": "dm/" + people["USUBJID"], "TRTSDT": pd.Timestamp("2024-01-01"),
        }
    )  # fmt: skip
    return given_frames(own, adpc=adpc, adsl=adsl, administrations=administrations(adpc))


def shown(display: Display, own: Study, *parts: pd.DataFrame) -> dict[str, list[tuple[str, ...]]]:
    """Return the tables of a display by id, as a reader meets them."""
    known = frames(own, *parts)
    results = with_text(compute_all([display], known, own), {display.key: display.not_estimable})
    page = replace(a_page(own, "pharmacokinetics", results=results, previous_cut=""), frames=known)
    return _read([show(display, page)]).tables

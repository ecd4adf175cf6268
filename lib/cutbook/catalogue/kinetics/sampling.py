"""Listings of samples that contradict the treatment, and of those that were taken far from their planned time."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from cutbook.catalogue.concentrations import (
    is_in_arm,
    matrix_places,
    measured,
    on_placebo,
    with_deviation,
    without_drug,
    without_samples,
)
from cutbook.catalogue.kinds.display import NO_MARKS, PHARMACOKINETICS, Display
from cutbook.catalogue.kinds.listings import Field, Listing
from cutbook.catalogue.kinds.measured.points import Boxes
from cutbook.derive import Frames
from cutbook.parameters.study import Study
from cutbook.rounding import rounded_to_figures

FOLD = 10.0
"""Factor between a value and the geometric mean of the others of its arm at that time that is not plausible."""

FEWEST_OTHERS = 3
"""Others from which on a value is compared with them."""

LATE_MINUTES, LATE_SHARE = 15.0, 0.1
"""A sample is out of its window beyond so many minutes, or beyond this share of its planned time where that is more."""

_ALARM_NOTE = (
    "Quantifiable on placebo; no quantifiable sample after any dose of an active drug; or a value that lies more than "
    "a factor of 10 from the geometric mean of at least 3 others of its arm at that planned time. Each arm: range of "
    "the quantifiable values, the sample itself among them."
)
_WINDOW_NOTE = (
    "Out of the window: more than 15 minutes from the planned time, or 10 % of it where that is more; of a sample "
    "planned before the dose, taken after it. Parameters are by actual times all the same."
)
_PLACE = ["parameter", "VISITNUM", "NOMTIME"]
_NAMED = (Field("Participant", "USUBJID"), Field("Arm", "TRT01A"), Field("Matrix", "MATRIX"))


def implausible(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return the samples far from all others of their arm at their planned time."""
    samples = measured(frames, study=study)
    own = samples[is_in_arm(samples, study, is_active=True) & samples["AVAL"].gt(0)]
    logs = np.log(own["AVAL"])
    groups = logs.groupby([own[name] for name in [*_PLACE, "TRT01A"]], dropna=False)
    number, total = groups.transform("size"), groups.transform("sum")
    others = (total - logs) / (number - 1).where(number > 1)
    is_far = (logs - others).abs().gt(np.log(FOLD)) & (number - 1).ge(FEWEST_OTHERS)
    far: pd.DataFrame = own[is_far]
    return far


def alarms(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return the samples that contradict the treatment, each with its sign and what each arm showed at that time."""
    lacking = without_drug(frames, study=study)
    parts = [
        on_placebo(frames, study=study).assign(SIGN="Quantifiable on placebo"),
        lacking.assign(SIGN="No drug after a dose, in any sample"),
        implausible(frames, study=study).assign(SIGN=f"More than {FOLD:g} times, or less than a tenth of, the others"),
    ]
    found = pd.concat(parts, ignore_index=True)
    if found.empty:
        return found.assign(OTHERS="")
    told = _by_arm(measured(frames, study=study), study)
    keys = found.assign(**{name: found[name].fillna(-1) for name in ("VISITNUM", "NOMTIME")})[_PLACE]
    texts = [
        "; ".join(filter(None, (told.get((*place, arm.label), "") for arm in study.treatment.arms)))
        for place in keys.itertuples(index=False, name=None)
    ]
    return found.assign(OTHERS=texts).sort_values(["SIGN", "USUBJID", "ADTM"], kind="stable")


def _by_arm(samples: pd.DataFrame, study: Study) -> dict[tuple[object, ...], str]:
    """Return by place and arm, in words, how many samples there are, and the range of those above the limit."""
    names = {arm.label: study.treatment.short(arm) for arm in study.treatment.arms}
    filled = samples.assign(**{name: samples[name].fillna(-1) for name in ("VISITNUM", "NOMTIME")})
    found = {}
    for place, own in filled.groupby([*_PLACE, "TRT01A"], dropna=False):
        known = own.loc[own["AVAL"].gt(0), "AVAL"]
        ends = dict.fromkeys(f"{rounded_to_figures(value, 3):f}" for value in (known.min(), known.max()) if len(known))
        span = "–".join(ends) or "all BLQ"
        found[place] = f"{names.get(str(place[-1]), place[-1])}: {span} ({len(known)} of {len(own)} quantifiable)"
    return found


_display = partial(
    Display, whom="All participants with a sample.", source=("ADPC",), reports=(PHARMACOKINETICS,),
    why_empty=without_samples, marks=NO_MARKS,
)  # fmt: skip

contradictions = _display(
    id="L-E13",
    title="Samples that contradict the treatment",
    question="Which samples suggest a swap of samples or doses, and what did each arm show at that time?",
    rows=lambda study: [
        Listing(
            records=partial(alarms, study=study),
            fields=(
                *_NAMED,
                Field("Visit", "VISIT", "visit"),
                Field("Dose", "DOSEOCC", is_number=True),
                Field("Nominal time (h)", "NOMTIME", is_number=True),
                Field("As reported", "AVALC", is_number=True, is_verbatim=True),
                Field("Sign", "SIGN"),
                Field("Each arm at that time", "OTHERS"),
            ),
            folds_beyond=10,
        )
    ],
    notes=_ALARM_NOTE,
    order="By sign, participant, time.",
    missing="Values below the limit are compared with no others.",
    empty="No sample contradicts the treatment.",
)  # fmt: skip


def out_of_window(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return the samples taken far from their planned time, or after the dose though planned before it."""
    samples = with_deviation(measured(frames, study=study))
    planned = samples["NOMTIME"].clip(lower=0) * 60
    allowed = (LATE_SHARE * planned).clip(lower=LATE_MINUTES)
    is_before = samples["NOMTIME"].le(0)
    is_out = samples["DEVMIN"].abs().gt(allowed).where(~is_before, samples["ATIME"].gt(0))
    found = samples[is_out.fillna(False).astype("bool")]
    return found.sort_values(["USUBJID", "ADTM"], kind="stable")


def _against_plan(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return by how many minutes samples planned after a dose were off their plan, by planned time."""
    samples = with_deviation(measured(frames, study=study))
    places = matrix_places(samples, study)
    own = samples.assign(ORDER=places)[samples["NOMTIME"].gt(0) & samples["DEVMIN"].notna() & places.notna()]
    timed = own.assign(
        panel=own["parameter"], panel_words=own["parameter_words"] + ", min off the plan", place=own["NOMTIME"],
        place_words=own["NOMTIME"].map("{:g} h".format), VALUE=own["DEVMIN"],
    )  # fmt: skip
    return timed.sort_values(["ORDER", "NOMTIME", "USUBJID"], kind="stable")


deviations = _display(
    id="F-E11",
    title="Sampling against its plan",
    question="Were samples taken when they were planned?",
    rows=lambda study: [
        Boxes(
            id="E11", values=partial(_against_plan, study=study), across="planned time after the dose", is_change=True
        )
    ],
    notes="Actual minus planned time of samples planned after a dose; above the line at 0 they were late.",
    order="One panel a matrix, as in the study file; planned times, arms.",
    missing="Samples before a dose, and those without a planned or an actual time, are not drawn.",
    counterpart="aNCA",
    empty="No sample after a dose has a planned and an actual time.",
    is_folded=True,
    anchors=(),
)  # fmt: skip

windows = _display(
    id="L-E11",
    title="Samples out of their window{number}",
    question="Which samples were taken far from their planned time?",
    rows=lambda study: [
        Listing(
            records=partial(out_of_window, study=study),
            fields=(
                *_NAMED,
                Field("Visit", "VISIT", "visit"),
                Field("Dose", "DOSEOCC", is_number=True),
                Field("Nominal time (h)", "NOMTIME", is_number=True),
                Field("Actual time (h)", "ATIME", "number", decimals=2, is_number=True),
                Field("Deviation (min)", "DEVMIN", "number", is_number=True),
                Field("Deviation (%)", "SHARE", "number", decimals=1, is_number=True),
            ),
            folds_beyond=10,
        )
    ],
    notes=_WINDOW_NOTE,
    order="By participant and time.",
    missing="Samples without a planned or an actual time are not judged.",
    counterpart="aNCA",
    empty="No sample was taken out of its window.",
)  # fmt: skip

"""One profile step by step, so that a reader can follow its parameters by hand."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from cutbook.catalogue.kinds.exposure import Judged
from cutbook.catalogue.kinds.tables import Shown
from cutbook.catalogue.kinetics.adpp import Analysed, analysed, lines, parameters
from cutbook.catalogue.kinetics.occasions import display
from cutbook.derive import Frames
from cutbook.parameters.study import Study
from cutbook.stats.nca.areas import is_logarithmic, step_auc

_COLUMNS = ["visit", "visit_words", "level", "row_words", "variable", "statistic", "value", "unit", "reason"]
_RULES = ("start", "linear", "logarithmic")


def _chosen(frames: Frames, study: Study, one: Analysed) -> str:
    """Return the first profile with an accepted terminal line and no sample below the limit; or nothing."""
    found = parameters(frames, study=study)
    own = found[found["PARAMETER"].eq(one.matrix.code) & found["PARAMCD"].eq("LAMZHL") & found["IS_ACCEPTED"].eq(True)]
    samples = frames.profiles
    is_plain = samples["BLQFL"].eq("N") | samples["TIME"].le(0)
    plain = is_plain.groupby(samples["PROFILE"]).all()
    known = [name for name in own.sort_values(["DOSEOCC", "USUBJID"])["PROFILE"] if plain.get(name, False)]
    return str(known[0]) if known else ""


def _steps(frames: Frames, *, study: Study, one: Analysed) -> pd.DataFrame:
    """Return time, concentration, area and sum of the areas of every step of one profile."""
    name = _chosen(frames, study, one)
    if not name:
        return pd.DataFrame(columns=_COLUMNS)
    every = lines(frames, study=study)
    own = every[every["PROFILE"].eq(name) & ~every["IS_TROUGH"].astype("bool") & every["EXCLREAS"].eq("")]
    own = own.sort_values("TIME", kind="stable")
    before, after = own[own["TIME"].le(0)], own[own["TIME"].gt(0)]
    start = before["AVAL"].fillna(0.0).tail(1).tolist() or [0.0]
    time = np.concatenate([[0.0], after["TIME"].to_numpy("float64")])
    conc = np.concatenate([start, after["AVAL"].to_numpy("float64")])
    ends, levels = (time[:-1][None, :], time[1:][None, :]), (conc[:-1][None, :], conc[1:][None, :])
    peak = np.array([[time[1 + int(np.argmax(conc[1:]))]]])
    is_log = is_logarithmic(ends, levels, peak, one.settings.method)
    areas = step_auc(ends, levels, is_log)[0]
    facts = pd.DataFrame({"TIME": time[1:], "CONC": conc[1:], "STEP": areas, "SUM": np.cumsum(areas)})
    verdicts = is_log[0].astype("int64") + 1
    words = f"{own['USUBJID'].iloc[0]}, {own['TRT01A'].iloc[0]}"
    place = {"visit": "STEPS", "visit_words": words, "reason": ""}
    rows: list[dict[str, object]] = [
        {**place, "level": "0", "row_words": "Dose", "variable": variable, "statistic": "result", "value": value}
        for variable, value in (("TIME", 0.0), ("CONC", float(conc[0])))
    ]
    for at, (fact, verdict) in enumerate(zip(facts.to_dict("records"), verdicts, strict=True), start=1):
        entry = {**place, "level": str(at), "row_words": f"Sample {at}"}
        rows += [
            {**entry, "variable": str(variable), "statistic": "result", "value": value}
            for variable, value in fact.items()
        ]
        rows.append({**entry, "variable": "VERDICT", "statistic": "verdict", "value": float(verdict)})
    return pd.DataFrame(rows, columns=_COLUMNS).assign(unit="")


def _note(one: Analysed) -> str:
    rule = {
        "linear_up_log_down": "logarithmic where concentrations fall",
        "linear": "linear throughout",
        "log": "logarithmic after the peak",
    }[one.settings.method]
    return (
        f"Step by step: linear (t2 − t1)(c1 + c2)/2, logarithmic (t2 − t1)(c1 − c2)/ln(c1/c2), {rule}. At the dose "
        "stands the last sample before it, 0 below the limit. The last sum is AUClast; λz is minus the slope of ln c "
        "of the last samples (points as in the table of terminal lines), t½ = ln 2/λz, AUCinf = AUClast + Clast/λz, "
        "CL/F = dose/AUCinf, Vz/F = CL/F/λz. Its parameters are in the table of every profile."
    )


worked = display(
    id="T-E4W-{number}",
    title="{matrix}: one profile by hand",
    question="How does a profile become its parameters?",
    rows=lambda study: [
        Judged(
            id=str(at), parameter=one.matrix.code, title=f"{one.matrix.label}: one profile by hand",
            notes=(_note(one),),
            columns=(
                Shown("Time", ("result",), variable="TIME", note="h, actual"),
                Shown("Concentration", ("result",), variable="CONC", note=one.matrix.unit),
                Shown("Area of the step", ("result",), variable="STEP", note=f"h·{one.matrix.unit}"),
                Shown("Sum", ("result",), variable="SUM", note=f"h·{one.matrix.unit}"),
            ),
            estimates=partial(_steps, study=study, one=one), verdict="Rule", verdicts=_RULES,
            empty="No profile with an accepted terminal line and every sample above the limit.",
        )
        for at, one in enumerate(analysed(study), start=1)
    ],
    order="The first profile by dose and participant whose terminal line is accepted and whose samples are all above "
    "the limit. Folded.",
    missing="Without such a profile a sentence says so.",
    stub="Sample",
    anchors=(),
    is_folded=True,
)  # fmt: skip

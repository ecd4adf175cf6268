"""What is said first of exposure is true: of random concentrations, everything is worked out again from the records.

The trial is the small one of four participants a dose; the areas (linear up, logarithmic down, from 0 at the dose) and
the slope of the logarithms are written out here by the textbook.
"""

from __future__ import annotations

import math
import random
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from case_study import CaseStudy
from cutbook.catalogue.kinetics import exposure, proportionality, troughs
from cutbook.display import Page
from cutbook.display.look.numbers import with_text
from cutbook.notebook.sentences.exposure import find_exposure, finding
from cutbook.results.engine import compute_all
from display.pages import a_page
from test_fuzz_of_codes import known

PROFILE = {1.0: 8.8, 4.0: 5.5, 8.0: 2.2}
DOSES = {"A10": 10.0, "B30": 30.0}


def random_trial(shared: Path, seed: int) -> CaseStudy:
    """Return the trial with concentrations that follow the dose to a random power, and vary from person to person."""
    draw, case = random.Random(seed), known(shared)  # noqa: S311 - no secret
    pc, dm = case.datasets["pc"], case.datasets["dm"]
    arm = dict(zip(dm["USUBJID"], dm["ACTARMCD"], strict=True))
    power, spread = draw.uniform(-0.5, 1.5), draw.choice([0.02, 0.1, 0.4])
    factor = {
        person: (DOSES.get(code, 1.0) / 10) ** power * draw.lognormvariate(0, spread) for person, code in arm.items()
    }
    values = [
        max(0.6, round(PROFILE[hours] * factor[person] * draw.lognormvariate(0, spread / 2), 3))
        if hours in PROFILE and arm[person] in DOSES
        else math.nan
        for hours, person in zip(pc["PCTPTNUM"], pc["USUBJID"], strict=True)
    ]
    number = pd.Series(values)
    text = number.map("{:.3f}".format).mask(number.isna(), "NOT DETECTED").astype("str")
    return case.with_columns("pc", PCSTRESN=number, PCSTRESC=text)


def area(times: list[float], values: list[float]) -> float:
    """Return the area to the last value: a line where concentrations rise or stay, an exponential where they fall."""
    found = 0.0
    for (t1, c1), (t2, c2) in pairwise(zip(times, values, strict=True)):
        step = (c1 - c2) / math.log(c1 / c2) if 0 < c2 < c1 else (c1 + c2) / 2
        found += step * (t2 - t1)
    return found


def by_person(case: CaseStudy) -> pd.DataFrame:
    """Return highest concentration and area of every participant with a dose, by hand."""
    pc, dm, ex = case.datasets["pc"], case.datasets["dm"], case.datasets["ex"]
    first = pd.to_datetime(ex.groupby("USUBJID")["EXSTDTC"].min())
    rows = []
    for person, own in pc[pc["PCSTRESN"].notna()].groupby("USUBJID"):
        code = dm.loc[dm["USUBJID"].eq(person), "ACTARMCD"].iloc[0]
        if code in DOSES:
            hours = (pd.to_datetime(own["PCDTC"]) - first[person]).dt.total_seconds() / 3600
            told = area([0.0, *hours], [0.0, *own["PCSTRESN"]])
            rows.append({"arm": code, "CMAX": own["PCSTRESN"].max(), "AUC": told})
    return pd.DataFrame(rows)


def figures(value: float, count: int) -> str:
    """Return a number with some significant figures."""
    rounded = float(f"{value:.{count - 1}e}")
    return f"{rounded:.{max(0, count - 1 - math.floor(math.log10(rounded)))}f}"


def slope_of(people: pd.DataFrame) -> tuple[float, float]:
    """Return the 90 % interval of the slope of ln(area) on ln(dose)."""
    fit = stats.linregress(np.log(people["arm"].map(DOSES)), np.log(people["AUC"]))
    half = stats.t.ppf(0.95, len(people) - 2) * fit.stderr
    return fit.slope - half, fit.slope + half


def title_of(people: pd.DataFrame) -> str:
    low, high = slope_of(people)
    room = math.log(1.25) / math.log(3)
    if 1 - room <= low and high <= 1 + room:
        return "Plasma exposure is proportional to dose"
    return "Plasma exposure rises with dose, proportionality not shown" if low > 0 else ""


def page_of(case: CaseStudy) -> Page:
    """Return the page of a trial, with the results that sentences of exposure are of."""
    shown = [exposure.summary, proportionality.slopes, proportionality.normalised, troughs.troughs]
    results = with_text(compute_all(shown, case.frames, case.study))
    return a_page(case.study, report="pharmacokinetics", results=results, frames=case.frames)


@pytest.mark.parametrize("seed", range(10))
def test_exposure_is_told_as_it_is(shared: Path, seed: int) -> None:
    case = random_trial(shared, seed)
    assert case.faults == []
    page = page_of(case)
    people = by_person(case)
    means = np.exp(np.log(people[["CMAX", "AUC"]]).groupby(people["arm"]).mean())
    (said,) = find_exposure(page)
    for words, name in (("Cmax", "CMAX"), ("AUClast", "AUC")):
        told = re.search(
            rf"{words} ([\d., ]+)\N{{NO-BREAK SPACE}}\S+ at 10 and 30\N{{NO-BREAK SPACE}}mg, that is ([\d., ]+) per",
            said.text,
        )
        assert told is not None
        assert told[1] == ", ".join(figures(means.loc[code, name], 3) for code in DOSES)
        assert told[2] == ", ".join(figures(means.loc[code, name] / dose, 2) for code, dose in DOSES.items())
    assert finding(page) == title_of(people)


def test_exposure_by_milligram_is_by_the_dose_given_not_by_that_of_the_arm(shared: Path) -> None:
    """Everybody on 30 mg begins with 10 mg, as where doses are raised step by step."""
    case = random_trial(shared, 2)
    dm, ex = case.datasets["dm"], case.datasets["ex"]
    high = dm.loc[dm["ACTARMCD"].eq("B30"), "USUBJID"]
    case = case.with_columns("ex", EXDOSE=ex["EXDOSE"].mask(ex["USUBJID"].isin(high), 10.0))
    (said,) = find_exposure(page_of(case))
    people = by_person(case)
    means = np.exp(np.log(people["CMAX"]).groupby(people["arm"]).mean())
    where = r"in the arms 10 mg and 30 mg, given 10 and 10\N{NO-BREAK SPACE}mg"
    told = re.match(rf"Cmax ([\d., ]+)\N{{NO-BREAK SPACE}}\S+ {where}, that is ([\d., ]+) per mg;", said.text)
    assert told is not None, said.text
    assert told[1] == ", ".join(figures(means[code], 3) for code in DOSES)
    assert told[2] == ", ".join(figures(means[code] / 10, 2) for code in DOSES)


def test_where_a_dose_is_not_known_nothing_is_told_by_milligram(shared: Path) -> None:
    case = random_trial(shared, 2)
    ex = case.datasets["ex"]
    person = case.datasets["dm"].loc[case.datasets["dm"]["ACTARMCD"].eq("B30"), "USUBJID"].iloc[0]
    case = case.with_columns("ex", EXDOSE=ex["EXDOSE"].mask(ex["USUBJID"].eq(person)))
    (said,) = find_exposure(page_of(case))
    assert "at 10 and 30\N{NO-BREAK SPACE}mg; AUClast" in said.text
    assert "per mg" not in said.text


def test_the_random_trials_lead_to_every_title(shared: Path) -> None:
    titles = {title_of(by_person(random_trial(shared, seed))) for seed in range(10)}
    assert titles == {
        "Plasma exposure is proportional to dose", "Plasma exposure rises with dose, proportionality not shown", "",
    }  # fmt: skip

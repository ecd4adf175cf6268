"""Who had antibodies against the drug before the first dose, and who formed them after it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from catalogue.kinetics.kinetic_trial import study
from cutbook.catalogue.kinetics import antibodies
from cutbook.display import show
from cutbook.results.engine import compute
from display.as_shown import _read
from display.pages import a_page
from given import EVERY_DATASET, given_frames


def people(*known):
    """Return participants by name and arm."""
    return pd.DataFrame(
        {
            "USUBJID": [name for name, _ in known], "TRT01A": [arm for _, arm in known],
            "TRT01P": [arm for _, arm in known], "SAFFL": "Y", "RANDFL": "Y",
            "KEY": [f"dm/{name}" for name, _ in known],
        }
    )  # fmt: skip


def sample(who, result, *, is_after, titre=float("nan"), day=1, code="ADA_BAB"):
    return {
        "USUBJID": who, "PARAMCD": code, "VISIT": f"DAY {day}", "VISITNUM": float(day), "ADY": float(day),
        "ADT": pd.Timestamp("2024-01-01") + pd.Timedelta(days=day), "AVALC": result, "TITRE": titre,
        "APOBLFL": {True: "Y", False: "N", None: None}[is_after], "TRT01A": "10 mg", "TRT01AN": 10.0, "SAFFL": "Y",
        "KEY": f"is/{who}/{code}/{day}",
    }  # fmt: skip


def frames(*rows, own=None, delivered=EVERY_DATASET | {"is"}):
    names = dict.fromkeys(row["USUBJID"] for row in rows)
    known = pd.DataFrame(list(rows)).astype({"AVALC": "str", "APOBLFL": "str"})
    adsl = people(*((name, "Placebo" if name.startswith("P") else "10 mg") for name in names))
    return given_frames(own or study(), delivered=delivered, adsl=adsl, antibodies=known)


def counts(*rows, own=None):
    """Return the counts among all participants by variable, those above zero."""
    known = frames(*rows, own=own)
    found = compute(antibodies.incidence, known, own or study())
    own_rows = found[found["group"].eq("TOTAL") & found["statistic"].eq("n") & found["variable"].str.endswith("_BAB")]
    values = own_rows.set_index(own_rows["variable"].str.removesuffix("_ADA_BAB"))["value"]
    return {name: int(value) for name, value in values.items() if value > 0 and name != "TITRE"}


NEG, POS = "NEGATIVE", "POSITIVE"
AFTER = {"TESTED": 1, "EVALUABLE": 1}
BOTH = AFTER | {"BASELINE": 1}
RAISED = BOTH | {"PREEXISTING": 1, "EVER": 1, "LAST": 1}


@pytest.mark.parametrize(
    ("samples", "counted"),
    [
        ([(NEG, False, None), (NEG, True, None)], BOTH),
        ([(NEG, False, None), (POS, True, 20)], BOTH | {"EMERGENT": 1, "INDUCED": 1, "EVER": 1, "LAST": 1}),
        ([(POS, True, 20)], AFTER | {"EMERGENT": 1, "INDUCED": 1, "EVER": 1, "LAST": 1}),
        ([(POS, False, 20), (POS, True, 80)], RAISED | {"EMERGENT": 1, "BOOSTED": 1}),
        ([(POS, False, 20), (POS, True, 79)], RAISED),
        ([(POS, False, None), (POS, True, 640)], RAISED),
        ([(POS, False, 20), (NEG, True, None)], BOTH | {"PREEXISTING": 1, "EVER": 1}),
        ([(POS, False, 20)], {"TESTED": 1, "BASELINE": 1, "PREEXISTING": 1}),
        ([(NEG, False, None), (POS, True, 20), (NEG, True, None)], BOTH | {"EMERGENT": 1, "INDUCED": 1, "EVER": 1}),
        ([(None, False, None), (NEG, True, None)], AFTER | {"UNPLACED": 1}),
        ([(POS, None, 20), (NEG, True, None)], AFTER | {"UNPLACED": 1}),
    ],
)  # fmt: skip
def test_a_participant_counts_by_what_was_found_before_and_after_the_first_dose(samples, counted):
    rows = [
        sample("S1", result, is_after=is_after, titre=float("nan") if titre is None else titre, day=10 * at)
        for at, (result, is_after, titre) in enumerate(samples, start=1)
    ]
    assert counts(*rows) == counted


def test_the_study_file_says_what_counts_as_boosted():
    own = study().model_copy(update={"immunogenicity": study().immunogenicity.model_copy(update={"boosted": 2.0})})
    rows = sample("S1", POS, is_after=False, titre=20), sample("S1", POS, is_after=True, titre=40, day=29)
    assert "BOOSTED" not in counts(*rows)
    assert counts(*rows, own=own)["BOOSTED"] == 1


def test_not_delivered_and_never_tested_are_two_sentences():
    rows = [sample("S1", NEG, is_after=True)]
    assert antibodies.incidence.why_nothing(study(), frames(*rows, delivered=EVERY_DATASET)) == (
        "Not delivered: antibodies against the drug (IS)."
    )
    assert antibodies.incidence.why_nothing(study(), frames(*rows)) == ""


def test_the_listing_holds_every_sample_of_those_with_a_positive_one_and_of_nobody_else():
    rows = [
        sample("S1", NEG, is_after=False), sample("S1", POS, is_after=True, titre=20, day=29),
        sample("S2", NEG, is_after=False), sample("S2", NEG, is_after=True, day=29),
        sample("S3", POS, is_after=False, titre=20), sample("S3", POS, is_after=True, titre=80, day=29),
    ]  # fmt: skip
    known = frames(*rows)
    page = replace(a_page(study(), "pharmacokinetics", previous_cut=""), frames=known)
    table = _read([show(antibodies.samples, page)]).tables["L-E15"]
    assert table[0][-4:] == ("Study day", "Result", "Titre", "Against before")
    assert [(row[0], *row[-4:]) for row in table[1:]] == [
        ("S1", "1", "Negative", "–", "–"),
        ("S1", "29", "Positive", "20", "induced"),
        ("S3", "1", "Positive", "20", "before the first dose"),
        ("S3", "29", "Positive", "80", "boosted"),
    ]

"""What cannot be analysed has a reason, and leaves the others alone."""

import numpy as np
import pandas as pd
import pytest

from cutbook.stats.nca import NcaOptions, NcaReason, nca, terminal_points
from profiles_of import GOOD, one_dose, samples, shown

NAN, INF = float("nan"), float("inf")
CODES = ["CMAX", "TMAX", "TLST", "LAMZHL", "AUCLST", "AUCALL", "AUCIFO", "CLFO"]
BLQ, FEW = NcaReason.ALL_BELOW_LIMIT, NcaReason.TOO_FEW
FLAT, DIV = NcaReason.NOT_FALLING, NcaReason.ZERO_BELOW


@pytest.mark.parametrize(
    ("times", "levels", "expected"),
    [
        ([2], [5], [5, 2, 2, FEW, *[NcaReason.ONE_SAMPLE] * 4]),
        ([1], [0], [0, BLQ, BLQ, BLQ, *[NcaReason.ONE_SAMPLE] * 4]),
        ([0, 1], [NAN, NAN], [NcaReason.NO_SAMPLES] * 8),
        ([-3, -2, -1], [1, 1, 1], [NcaReason.NO_SAMPLES] * 8),
        ([0, 1, 2, 4], [0, -1, 3, 1], [NcaReason.NEGATIVE] * 8),
        ([0, 1, 2, 4], [0, INF, 3, 1], [NcaReason.NEGATIVE] * 8),
        ([0, 1, 1, 2], [0, 3, 4, 2], [NcaReason.TWO_AT_ONE_TIME] * 8),
        ([0, NAN, 2, 4], [0, 2, 3, 1], [NcaReason.NO_TIME] * 8),
        ([0, NAN, 2, 4], [0, NAN, 3, 1], [3, 2, 4, FEW, 6.640957, 6.640957, FEW, FEW]),
        ([0, 1, 2, 4], [0, 0, 0, 0], [0, BLQ, BLQ, BLQ, 0, 0, 0, DIV]),
        ([0, 1, 2], [0, 4, 2], [4, 1, 2, FEW, 4.88539, 4.88539, FEW, FEW]),
        ([0, 1, 2, 4, 8], [0, 1, 2, 3, 4], [4, 8, 8, FEW, 21, 21, FEW, FEW]),
        ([0, 1, 2, 4, 8, 12], [0, 10, 4, 5, 6, 7], [10, 1, 12, FLAT, 68.548140, 68.548140, FLAT, FLAT]),
        ([0, 1, 2, 4, 8, 12], [0, 10, 4, 4, 4, 4], [10, 1, 12, FLAT, 51.548140, 51.548140, FLAT, FLAT]),
        ([0, 1, 2, 3], [5, 5, 5, 5], [5, 0, 3, FLAT, 15, 15, FLAT, FLAT]),
        ([1, 2, 4, 8], [8, 4, 2, 0.5], [8, 1, 8, 2.0, *[NcaReason.NO_START] * 4]),
        ([0, 1, 2, 4, 6], [0, 8, 8, 4, 2], [8, 1, 6, 2.0, 29.312340, 29.312340, 35.083121, 2.850374]),
        ([-1, 1, 2, 4, 6], [0, 8, 8, 4, 2], [8, 1, 6, 2.0, 29.312340, 29.312340, 35.083121, 2.850374]),
    ],
    ids=[
        "one sample", "one sample below the limit", "nothing measured", "before the dose only", "negative", "infinite",
        "two at one time", "no time", "neither time nor concentration", "all below the limit", "two terminal points",
        "rising", "rising tail", "flat tail", "constant", "no sample at the dose", "ties of the highest",
        "sample before the dose",
    ],
)  # fmt: skip
def test_a_profile_has_values_or_reasons(times, levels, expected):
    conc = samples(A=(times, levels))
    found = nca(conc, one_dose(conc))
    assert shown(found, "A", CODES) == expected
    assert ((found["reason"] == "") == found["value"].notna()).all()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ([], NcaReason.NO_DOSE),
        ([(0, 0)], NcaReason.DOSE_NOT_POSITIVE),
        ([(0, -5)], NcaReason.DOSE_NOT_POSITIVE),
        ([(0, NAN)], NcaReason.DOSE_UNKNOWN),
        ([(NAN, 100)], NcaReason.DOSE_UNKNOWN),
        ([(0, 100), (0, 100)], NcaReason.DOSE_TWICE),
        ([(-24, 100)], NcaReason.NO_DOSE),
        ([(-24, 100), (0, 100)], NcaReason.EARLIER_DOSES),
    ],
)
def test_without_a_sound_dose_areas_stand_and_clearance_has_a_reason(given, reason):
    conc = samples(A=GOOD)
    dose = pd.DataFrame({"id": "A", "time": [pair[0] for pair in given], "dose": [pair[1] for pair in given]})
    found = nca(conc, dose.astype({"time": "float64", "dose": "float64"}))
    assert shown(found, "A", ["AUCLST", "AUCIFO", "CLFO", "VZFO"]) == [54.937743, 56.187258, reason, reason]


def test_text_that_is_no_number_refuses_its_profile_and_never_counts_as_missing():
    conc = samples(A=GOOD, B=GOOD).astype({"conc": "object"})
    conc.loc[2, "conc"] = "<0.5"
    found = nca(conc, one_dose(conc))
    assert set(found.loc[found["id"] == "A", "reason"]) == {NcaReason.NOT_A_NUMBER}
    assert shown(found, "B", ["CMAX"]) == [10]
    said = nca(conc.assign(blq=conc["conc"].eq("<0.5")), one_dose(conc))
    assert shown(said, "A", ["CMAX", "NCONC"]) == [10, 7]


def test_an_excluded_sample_takes_no_part_whatever_is_wrong_with_it():
    conc = pd.concat([samples(A=GOOD), samples(A=([1, NAN], [-4, 3]))], ignore_index=True)
    sound = samples(A=GOOD)
    for column in (
        [False] * 7 + [True] * 2,
        ["N"] * 7 + ["Y"] * 2,
        [""] * 7 + ["haemolysed"] * 2,
        [None] * 7 + ["haemolysed", "no time"],
    ):
        found = nca(conc.assign(excluded=column), one_dose(conc))
        pd.testing.assert_frame_equal(found, nca(sound, one_dose(sound)))


def test_bad_profiles_change_nothing_of_the_good_ones():
    good = samples(A=GOOD, B=([0, 2, 4, 8, 9], [0, 9, 6, 2, 1.5]))
    bad = samples(C=([0, 1], [-1, 2]), D=([NAN], [4]), E=([0, 0], [1, 2]), F=([], []), G=([0, 1, 2], [0, 0, 0]))
    alone = nca(good, one_dose(good))
    both = nca(pd.concat([bad, good]), one_dose(pd.concat([bad, good])))
    pd.testing.assert_frame_equal(both[both["id"].isin(["A", "B"])].reset_index(drop=True), alone)


def test_an_id_with_a_dose_and_no_sample_is_there_with_its_reason():
    conc = samples(A=GOOD)
    found = nca(conc, pd.concat([one_dose(conc), one_dose(samples(B=([0], [0])))]))
    assert set(found.loc[found["id"] == "B", "reason"]) == {NcaReason.NO_SAMPLES}


def test_nothing_at_all_gives_an_empty_frame():
    empty = samples(A=([], []))
    found = nca(empty, one_dose(empty))
    assert found.empty
    assert found.columns.tolist() == ["id", "start", "end", "parameter", "value", "unit", "reason"]
    assert terminal_points(empty, one_dose(empty)).empty


@pytest.mark.parametrize(
    ("conc", "words"),
    [
        (pd.DataFrame({"id": ["A"], "conc": [1.0]}), "samples: no column time"),
        (pd.DataFrame({"id": ["A", None], "time": [0.0, 1.0], "conc": [1.0, 2.0]}), "1 rows without an id"),
    ],
)
def test_a_table_without_its_columns_or_ids_is_refused(conc, words):
    with pytest.raises(ValueError, match=words):
        nca(conc, pd.DataFrame({"id": ["A"], "time": [0.0], "dose": [1.0]}))


def test_a_frame_that_was_given_is_not_changed():
    conc = samples(A=GOOD).assign(lloq=0.5)
    dose = one_dose(conc)
    before = conc.copy(), dose.copy()
    nca(conc, dose, options=NcaOptions(blq_last="drop", intervals=((0, 24), (0, np.inf))))
    pd.testing.assert_frame_equal(conc, before[0])
    pd.testing.assert_frame_equal(dose, before[1])

"""Bolus, infusion and extravascular doses against closed formulas."""

import numpy as np
import pandas as pd
import pytest

from cutbook.stats.nca import NcaOptions, NcaReason, nca
from profiles_of import GOOD, doses, one_dose, samples, shown, values

RATE, VOLUME, DOSE = 0.25, 20.0, 100.0
TIMES = np.array([0.5, 1, 2, 4, 8, 12])
BOLUS = samples(A=(TIMES, DOSE / VOLUME * np.exp(-RATE * TIMES)))


def test_a_bolus_into_one_compartment_gives_back_its_constants():
    found = values(BOLUS, one_dose(BOLUS), route="iv_bolus")
    expected = {
        "C0": 5.0, "LAMZ": RATE, "LAMZHL": np.log(2) / RATE, "AUCIFO": DOSE / VOLUME / RATE, "CLO": VOLUME * RATE,
        "VZO": VOLUME, "VSSO": VOLUME, "VSSP": VOLUME, "MRTIVIFO": 1 / RATE, "AUMCIFO": DOSE / VOLUME / RATE**2,
        "AUCPBEO": 100 * (1 - np.exp(-RATE * 0.5)), "AUCPBEP": 100 * (1 - np.exp(-RATE * 0.5)),
        "AUCPEO": 100 * np.exp(-RATE * 12), "R2": 1.0, "CORRXY": -1.0, "CMAX": 5 * np.exp(-RATE * 0.5), "TMAX": 0.5,
    }  # fmt: skip
    assert found[list(expected)].to_dict() == pytest.approx(expected, rel=1e-12)


def test_a_bolus_sampled_at_its_time_needs_no_back_extrapolation():
    conc = pd.concat([samples(A=([0.0], [5.5])), BOLUS])
    assert values(conc, one_dose(conc), route="iv_bolus")[["C0", "AUCPBEO"]].tolist() == [5.5, 0.0]


def test_a_zero_at_the_time_of_a_first_bolus_is_a_sample_before_it():
    conc = pd.concat([samples(A=([0.0], [0.0])), BOLUS])
    pair = [values(frame, one_dose(frame), route="iv_bolus")[["C0", "AUCIFO", "AUCPBEO"]] for frame in (conc, BOLUS)]
    np.testing.assert_allclose(pair[0], pair[1], rtol=1e-14)


@pytest.mark.parametrize(
    ("levels", "expected"), [([4, 6, 3], 4.0), ([4, 4, 3], 4.0), ([4, 0, 3], 4.0), ([0, 4, 3], NcaReason.NO_C0)]
)
def test_where_the_first_two_samples_do_not_fall_c0_is_the_first(levels, expected):
    conc = samples(A=([1, 2, 3], levels))
    assert shown(nca(conc, one_dose(conc), options=NcaOptions(route="iv_bolus")), "A", ["C0"]) == [expected]


@pytest.mark.parametrize("times", [[0.02], [0, 4]], ids=["not at the start", "a second one"])
def test_no_area_is_drawn_across_a_bolus(times):
    conc = pd.concat([samples(A=([0.0], [0.0])), BOLUS])
    found = nca(conc, doses("A", times), options=NcaOptions(route="iv_bolus"))
    assert shown(found, "A", ["C0", "AUCLST", "CLO"]) == [NcaReason.BOLUS_INSIDE] * 3


def test_an_infusion_takes_half_of_its_length_from_the_residence_time():
    conc = samples(A=GOOD)
    short = values(conc, one_dose(conc, duration=2.0), route="iv_infusion")
    assert short["MRTIVIFO"] == pytest.approx(short["AUMCIFO"] / short["AUCIFO"] - 1.0, rel=1e-14)
    assert short["VSSO"] == pytest.approx(short["MRTIVIFO"] * short["CLO"], rel=1e-14)


def test_an_infusion_of_unknown_length_has_a_clearance_and_no_residence_time():
    conc = samples(A=GOOD)
    found = nca(conc, one_dose(conc), options=NcaOptions(route="iv_infusion"))
    assert shown(found, "A", ["CLO", "MRTIVIFO", "VSSO"]) == [1.779763, *[NcaReason.NO_DURATION] * 2]


def test_no_sample_before_the_end_of_an_infusion_is_on_the_terminal_line():
    """Tmax comes before the end of an infusion of 5 h, whose concentrations fall all the same."""
    conc = samples(A=GOOD)
    found = values(conc, one_dose(conc, duration=5.0), route="iv_infusion")
    assert found[["LAMZLL", "LAMZNPT"]].tolist() == [8.0, 3.0]


def test_each_profile_has_the_parameters_of_its_own_route():
    conc = samples(A=GOOD, B=GOOD, C=GOOD, D=GOOD)
    dose = one_dose(conc, route=["iv_bolus", "extravascular", None, "by mouth"])
    found = nca(conc, dose)
    codes = found.groupby("id")["parameter"].apply(set)
    assert {"C0", "CLO", "VSSO"} <= codes["A"]
    assert not codes["A"] & {"CLFO", "TLAG"}
    assert codes["B"] == codes["C"]
    assert "C0" not in codes["B"]
    assert shown(found, "D", ["CLFO"]) == [NcaReason.DOSE_UNKNOWN]


def test_dose_and_time_of_several_doses():
    """Two doses of an interval count together for clearance; a residence time needs a single one."""
    conc = samples(A=GOOD)
    found = nca(conc, doses("A", [0, 1], amount=50.0))
    assert shown(found, "A", ["CLFO", "MRTEVIFO"]) == [1.779763, NcaReason.SEVERAL_DOSES]

"""What must hold of any profile."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutbook.stats.nca import NcaOptions, nca
from profiles_of import one_dose

pytestmark = pytest.mark.slow

FINITE = {"allow_nan": False, "allow_infinity": False}
LEVELS = st.lists(st.one_of(st.just(0.0), st.floats(0.01, 1000, **FINITE)), min_size=0, max_size=12)
STEPS = st.floats(0.05, 10, **FINITE)
METHODS = st.sampled_from(["linear_up_log_down", "linear", "log"])
ROUTES = st.sampled_from(["extravascular", "iv_bolus", "iv_infusion"])
INTERVALS = st.sampled_from([((0, np.inf),), ((0, 12),), ((0, 6), (6, 30)), ((2, 9), (0, np.inf))])
SETTINGS = st.builds(NcaOptions, auc_method=METHODS, route=ROUTES, intervals=INTERVALS)


@st.composite
def profiles(draw):
    """Return samples and doses of a few people."""
    parts = []
    for person in range(draw(st.integers(1, 4))):
        levels = draw(LEVELS)
        times = np.cumsum([0.0, *draw(st.lists(STEPS, min_size=len(levels), max_size=len(levels)))])[: len(levels)]
        parts.append(pd.DataFrame({"id": person, "time": times, "conc": np.array(levels, dtype="float64")}))
    conc = pd.concat(parts, ignore_index=True)
    dose = pd.DataFrame({"id": range(len(parts)), "time": 0.0, "dose": draw(st.floats(0.1, 1e4, **FINITE))})
    return conc, dose.assign(duration=0.5)


def close(ours, theirs, factor=1.0):
    """Compare values, those near nothing too, and reasons."""
    np.testing.assert_allclose(ours["value"], theirs["value"] * factor, rtol=1e-7, atol=1e-9)
    assert ours["reason"].tolist() == theirs["reason"].tolist()


@settings(max_examples=60)
@given(profiles(), SETTINGS)
def test_there_is_a_value_or_a_reason_and_a_value_is_finite(made, options):
    found = nca(*made, options=options)
    assert ((found["reason"] == "") == np.isfinite(found["value"])).all()
    assert set(found["id"]) == set(made[1]["id"])
    assert not found.duplicated(["id", "start", "end", "parameter"]).any()


@settings(max_examples=30)
@given(profiles(), SETTINGS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(made, options, random):
    conc, dose = made
    order = list(range(len(conc)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(nca(conc.iloc[order], dose[::-1], options=options), nca(conc, dose, options=options))


@settings(max_examples=30)
@given(profiles(), SETTINGS)
def test_each_profile_is_what_it_is_alone(made, options):
    conc, dose = made
    alone = [nca(conc[conc["id"] == key], dose[dose["id"] == key], options=options) for key in dose["id"]]
    together = nca(conc, dose, options=options)
    pd.testing.assert_frame_equal(together, pd.concat(alone, ignore_index=True), check_exact=False, rtol=1e-12)


KINDS = {
    "dose": {"CLFO": 1, "VZFO": 1, "CMAXD": -1, "AUCLST": 0, "LAMZHL": 0, "AUCIFOD": -1},
    "conc": {"CMAX": 1, "AUCLST": 1, "AUCALL": 1, "AUCIFO": 1, "AUMCIFP": 1, "LAMZ": 0, "AUCPEO": 0, "CLFO": -1},
    "time": {"CMAX": 0, "TMAX": 1, "LAMZ": -1, "LAMZHL": 1, "AUCLST": 1, "AUMCLST": 2, "MRTEVIFO": 1, "CLFO": -1},
}


@pytest.mark.parametrize("column", list(KINDS))
@settings(max_examples=20)
@given(profiles(), METHODS, st.sampled_from([0.125, 4.0, 1024.0]))
def test_parameters_follow_the_units_of_dose_concentration_and_time(column, made, method, factor):
    """Factors are powers of two, so that no choice between lines can turn on a rounding."""
    conc, dose = made
    options = NcaOptions(auc_method=method)
    before = nca(conc, dose, options=options)
    if column == "dose":
        dose = dose.assign(dose=dose["dose"] * factor)
    else:
        conc = conc.assign(**{column: conc[column] * factor})
    after = nca(conc, dose, options=options)
    for code, power in KINDS[column].items():
        pair = [frame[frame["parameter"] == code] for frame in (after, before)]
        close(*pair, factor=factor**power)


@settings(max_examples=30)
@given(profiles(), st.floats(0.1, 20, **FINITE))
def test_areas_of_adjoining_intervals_add_up(made, middle):
    conc, dose = made
    end = 40.0
    options = NcaOptions(intervals=((0, middle), (middle, end), (0, end)), auc_method="linear")
    found = nca(conc, dose, options=options)
    areas = found[found["parameter"] == "AUCINTA"].pivot_table(
        index="id", columns=["start", "end"], values="value", dropna=False
    )
    if areas.shape[1] < 3:
        return
    whole = areas.dropna()
    np.testing.assert_allclose(whole[(0.0, middle)] + whole[(middle, end)], whole[(0.0, end)], rtol=1e-9, atol=1e-9)


@settings(max_examples=30)
@given(st.floats(0.02, 2, **FINITE), st.floats(0.1, 100, **FINITE), st.integers(4, 12))
def test_an_exponential_gives_back_its_rate(rate, start, number):
    times = np.linspace(0, 4 / rate, number)
    conc = pd.DataFrame({"id": 1, "time": times, "conc": start * np.exp(-rate * times)})
    found = nca(conc, one_dose(conc), options=NcaOptions(route="iv_bolus")).set_index("parameter")["value"]
    expected = {"LAMZ": rate, "C0": start, "AUCIFO": start / rate, "AUCIFP": start / rate, "MRTIVIFO": 1 / rate}
    assert found[list(expected)].to_dict() == pytest.approx(expected, rel=1e-9)

"""Sparse samples: mean profile, standard error and degrees of freedom."""

import numpy as np
import pandas as pd
import pytest

from cutbook.stats.nca import NcaOptions, NcaReason, nca
from profiles_of import one_dose, shown

SPARSE = NcaOptions(sparse=True)
CODES = ["AUCLST", "AUCLSTSE", "AUCLSTDF"]


def destructive(levels, **columns):
    """Return samples of other animals at each time."""
    rows = [(time, level) for time, several in levels.items() for level in several]
    return pd.DataFrame({"id": "A", "time": [row[0] for row in rows], "conc": [row[1] for row in rows]}).assign(
        **columns
    )


def test_the_area_of_a_mean_profile_has_the_error_of_bailer():
    """Means 0, 4, 2; weights 0.5, 1.5, 1; variances 0, 4, 1 of three animals each."""
    conc = destructive({0.0: [0, 0, 0], 1.0: [2, 4, 6], 3.0: [1, 2, 3]})
    variance = 1.5**2 * 4 / 3 + 1 * 1 / 3
    freedom = variance**2 / ((1.5**2 * 4 / 3) ** 2 / 2 + (1 / 3) ** 2 / 2)
    found = nca(conc, one_dose(conc), options=SPARSE)
    assert shown(found, "A", CODES) == [8.0, round(variance**0.5, 6), round(freedom, 6)]
    assert shown(found, "A", ["CMAX", "TMAX"]) == [4.0, 1.0]


def test_a_second_sample_of_an_animal_adds_its_covariance():
    """Both samples of each animal rise together, so that the error of the sum of all is that of the sums."""
    levels = np.array([[2.0, 1.0], [4.0, 2.0], [6.0, 3.0]])
    conc = destructive({1.0: levels[:, 0], 3.0: levels[:, 1]}, subject=[1, 2, 3, 1, 2, 3])
    conc = pd.concat([destructive({0.0: [0, 0, 0]}, subject=[1, 2, 3]), conc])
    found = nca(conc, one_dose(conc), options=SPARSE)
    areas = levels @ [1.5, 1.0]
    assert shown(found, "A", CODES) == [
        8.0, round(areas.std(ddof=1) / 3**0.5, 6), NcaReason.SAMPLED_AGAIN
    ]  # fmt: skip


@pytest.mark.parametrize(("level", "expected"), [([0, 0, 9], 0.0), ([0, 9], 4.5), ([0, 3, 9], 4.0)])
def test_where_more_than_half_are_below_the_limit_the_mean_is_zero(level, expected):
    conc = destructive({0.0: [0, 0], 1.0: level, 2.0: [1, 1]})
    assert shown(nca(conc, one_dose(conc), options=SPARSE), "A", ["CMAX"]) == [max(expected, 1.0)]


@pytest.mark.parametrize(
    ("levels", "columns", "expected"),
    [
        ({0.0: [0, 0], 1.0: [4]}, {}, [2.0, *[NcaReason.ONE_A_TIME] * 2]),
        ({1.0: [4, 2], 2.0: [1, 1]}, {}, [NcaReason.NO_START] * 3),
        ({0.0: [0, 0], 1.0: [-4, 2]}, {}, [NcaReason.NEGATIVE] * 3),
        ({0.0: [0, 0], 1.0: [4, 2]}, {"subject": [1, 2, 1, 1]}, [NcaReason.TWO_AT_ONE_TIME] * 3),
        ({0.0: [0, 0], 1.0: [0, 0]}, {}, [0.0, *[NcaReason.ALL_BELOW_LIMIT] * 2]),
    ],
)
def test_what_has_no_error_has_a_reason(levels, columns, expected):
    conc = destructive(levels, **columns)
    assert shown(nca(conc, one_dose(conc), options=SPARSE), "A", CODES) == expected


def test_groups_do_not_mix():
    one = destructive({0.0: [0, 0, 0], 1.0: [2, 4, 6], 3.0: [1, 2, 3]})
    other = destructive({0.0: [0, 0], 1.0: [-1, 2]}).assign(id="B")
    both = pd.concat([one, other]).sample(frac=1, random_state=1)
    found = nca(both, one_dose(both), options=SPARSE)
    alone = nca(one, one_dose(one), options=SPARSE)
    pd.testing.assert_frame_equal(found[found["id"] == "A"].reset_index(drop=True), alone)

"""What counts of values counted, as results write it: how they open is decided by that alone."""

import pandas as pd
import pytest

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.panels import ByVisit
from cutbook.catalogue.kinds.populations import EVERYBODY
from cutbook.catalogue.models import ancova
from cutbook.parameters.study import Study
from given import results_of

NAN = float("nan")


def counted(values, study, adsl, *, variable, visit, statistic="n"):
    """Return number and way of counting by group, of a table by visit of these values."""
    layer = ByVisit(records=lambda _: values, columns=(), statistics=("n", "mean"))
    display = Display(id="X1", title="X", question="X?", rows=lambda _: [layer], reports=(), population=EVERYBODY)
    results = results_of(display, study, adsl=adsl)
    place = results["variable"].eq(variable) & results["visit"].eq(visit) & results["statistic"].eq(statistic)
    own = results[place]
    return {group: (value, way) for group, value, way in own[["group", "value", "counts"]].itertuples(index=False)}


def by_visit(*rows):
    frame = pd.DataFrame(rows, columns=["USUBJID", "visit", "variable", "VALUE"])
    keys = [f"lb/{name}/{visit}" for name, visit in zip(frame["USUBJID"], frame["visit"], strict=True)]
    return frame.assign(
        KEY=keys, parameter="X", parameter_words="X", visit_words=frame["visit"], unit="U/L", decimals=0
    )


VALUES = (
    ("1", "BASELINE", "AVAL", 2.0), ("3", "BASELINE", "AVAL", 2.0), ("4", "BASELINE", "AVAL", 2.0),
    ("1", "DAY15", "AVAL", 4.0), ("2", "DAY15", "AVAL", 4.0), ("3", "DAY15", "AVAL", 4.0), ("4", "DAY15", "AVAL", 0.0),
)  # fmt: skip
RATIOS = (("1", "DAY15", "RATIO", 2.0), ("3", "DAY15", "RATIO", 2.0))


def test_a_count_of_values_counted_them_all(adsl, study):
    found = counted(by_visit(*VALUES), study, adsl, variable="AVAL", visit="DAY15")
    assert found == {"P": (2, "all"), "A": (2, "all"), "ACTIVE": (2, "all"), "TOTAL": (4, "all")}


def test_a_count_of_changes_counted_those_with_a_value_at_baseline(adsl, study):
    values = by_visit(*VALUES, *RATIOS, ("4", "DAY15", "RATIO", 0.0))
    found = counted(values, study, adsl, variable="RATIO", visit="DAY15")
    assert found == {"P": (1, "change"), "A": (2, "change"), "ACTIVE": (2, "change"), "TOTAL": (3, "change")}


def test_a_count_of_some_of_the_changes_has_no_name_where_one_is_lacking_and_its_own_elsewhere(adsl, study):
    found = counted(by_visit(*VALUES, *RATIOS), study, adsl, variable="RATIO", visit="DAY15")
    assert found == {"P": (1, "change"), "A": (1, ""), "ACTIVE": (1, ""), "TOTAL": (2, "")}


def samples(*rows):
    frame = pd.DataFrame(rows, columns=["USUBJID", "VALUE", "IS_BLQ"])
    return frame.assign(
        KEY=[f"pc/{name}/{place}" for place, name in enumerate(frame["USUBJID"])], parameter="X", parameter_words="X",
        visit="DAY 1", visit_words="Day 1", level="4", row_words="4 h", variable="AVAL", unit="ng/mL", decimals=pd.NA,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("below", "ways"),
    [
        ((), ("all", "blq", "value")),
        (((NAN, True),), ("all", "blq", "value")),
        (((0.0, True),), ("all", "blq", "all")),
        (((0.0, True), (NAN, True)), ("all", "blq", "")),
    ],
    ids=["none below the limit", "left out of means", "zero in means", "some of them in means"],
)
def test_counts_of_samples_say_which_stand_behind_them(adsl, study, below, ways):
    values = samples(("3", 5.0, False), ("4", 6.0, False), *(("4", value, is_below) for value, is_below in below))
    found = [
        counted(values, study, adsl, variable="AVAL", visit="DAY 1", statistic=name)["A"][1]
        for name in ("samples", "nblq", "n")
    ]
    assert tuple(found) == ways


def endpoint_study(study):
    known = study.model_dump() | {
        "schedules": {"clinic": {"by": "visitnum", "visits": [{"id": "WEEK4", "label": "Week 4", "visitnum": [2]}]}},
        "endpoints": [
            {"paramcd": "NFL", "label": "NfL", "dataset": "lb", "where": {"LBTESTCD": ["NFL"]}, "schedule": "clinic",
             "population": "SAFFL", "scale": "ratio", "better": "lower", "analysis": {"visit": "WEEK4"}},
        ],
    }  # fmt: skip
    return Study.model_validate(known)


def compared(adsl, study, values):
    """Return number and way of counting by arm, of the comparison at week 4 of value and baseline by participant."""
    rows = [
        {"USUBJID": name, "KEY": f"lb/{name}/2", "TRT01A": "Placebo" if name[0] in "12" else "10 mg", "PARAMCD": "NFL",
         "AVISITID": "WEEK4", "AVISIT": "Week 4", "ANL01FL": "Y", "AVAL": value, "BASE": base}
        for name, (value, base) in values.items()
    ]  # fmt: skip
    results = results_of(ancova.comparisons, endpoint_study(study), adeff=pd.DataFrame(rows), adsl=adsl)
    own = results[results["variable"].eq("LSMEAN") & results["statistic"].eq("n")]
    return {group: (value, way) for group, value, way in own[["group", "value", "counts"]].itertuples(index=False)}


@pytest.fixture
def many(adsl):
    """Return four more participants, so that a model can be fitted."""
    more = [adsl[adsl["USUBJID"].eq(twin)].assign(USUBJID=f"{twin}{twin}", KEY=f"dm/{twin}{twin}") for twin in "1234"]
    return pd.concat([adsl, *more], ignore_index=True)


TWO_VALUES = {
    "1": (4.0, 2.0), "2": (5.0, 3.0), "11": (3.0, 2.5), "22": (6.0, 3.5), "3": (2.0, 2.0), "4": (2.5, 3.0),
    "33": (1.5, 2.2), "44": (2.1, 2.9),
}  # fmt: skip


def test_a_count_of_a_model_counted_the_changes(many, study):
    assert compared(many, study, TWO_VALUES) == {"P": (4, "change"), "A": (4, "change")}


def test_a_count_of_a_model_has_no_name_where_a_change_takes_no_part(many, study):
    found = compared(many, study, TWO_VALUES | {"44": (0.0, 2.9)})
    assert found == {"P": (4, "change"), "A": (3, "")}


def test_a_count_of_a_model_names_changes_where_somebody_has_no_baseline(many, study):
    found = compared(many, study, TWO_VALUES | {"44": (2.1, NAN)})
    assert found == {"P": (4, "change"), "A": (3, "change")}

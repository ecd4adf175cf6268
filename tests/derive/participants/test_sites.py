import pandas as pd

from cutbook.derive.participants.sites import pooled_site
from derive.cases import small_study, texts


def people(counts):
    rows = [(site, arm) for site, arms in counts.items() for arm, number in arms.items() for _ in range(number)]
    frame = pd.DataFrame(rows, columns=["SITEID", "TRT01P"]).assign(RANDFL="Y")
    return pd.concat([frame, pd.DataFrame({"SITEID": ["1"], "TRT01P": [None], "RANDFL": ["N"]})], ignore_index=True)


def test_a_site_that_is_small_in_any_arm_joins_the_pool():
    study = small_study(pooled_sites={"minimum": 2, "pool": "900"})
    arms = [arm.label for arm in study.treatment.arms]
    full = dict.fromkeys(arms, 2)
    adsl = people({"1": full, "2": {**full, arms[0]: 1}, "3": {arms[0]: 5}})
    found = adsl.assign(SITEGR1=pooled_site(adsl, study)).drop_duplicates("SITEID")
    assert dict(zip(found["SITEID"], found["SITEGR1"], strict=True)) == {"1": "1", "2": "900", "3": "900"}


def test_without_the_rule_every_site_stands_alone_and_the_not_randomised_have_none():
    adsl = people({"1": {"Placebo": 1}})
    assert texts(pooled_site(adsl, small_study())) == ["1", None]

"""Serious events whose criteria of seriousness (ICH E2A) contradict them, or were not filled in."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cutbook.data.checks.records import ON_FIRST_LINES, Issue, kind_issue
from cutbook.record_names import text_of
from cutbook.records import meets

_CRITERIA = ("AESCAN", "AESCONG", "AESDISAB", "AESDTH", "AESHOSP", "AESLIFE", "AESMIE", "AESOD")
_NOT_DEATH = (
    "Fatal outcome, but not recorded as resulting in death (AESDTH)",
    "counted as fatal, and not under this criterion",
)
_OTHER_OUTCOME = ("Recorded as resulting in death (AESDTH), but with another outcome (AEOUT)", "counted as fatal")
_NOT_MET = "counted as not met"
_NONE = ("Serious, but without a criterion of seriousness", "counted as serious, under no criterion")


def seriousness_issues(ae: pd.DataFrame) -> Iterator[Issue]:
    """Return an issue a kind of serious event that its criteria, where they were collected, do not agree with.

    A criterion is not collected where its variable holds nothing, and its blanks say no where it holds no ``N``.
    """
    stated = {name: text_of(ae[name]) for name in _CRITERIA if name in ae}
    collected = {name: values for name, values in stated.items() if values.ne("").any()}
    if not collected or "AESER" not in ae:
        return
    is_serious, is_fatal = meets(ae, {"AESER": ["Y"]}), meets(ae, {"AEOUT": ["FATAL"]})
    nothing = pd.Series(data=False, index=ae.index)
    is_not_death = is_fatal & collected["AESDTH"].ne("Y") if "AESDTH" in collected else nothing
    yield from kind_issue(("ae", "AESDTH"), ae, is_not_death, _NOT_DEATH, ON_FIRST_LINES)
    if "AESDTH" in collected and "AEOUT" in ae:
        is_other = collected["AESDTH"].eq("Y") & ~is_fatal & text_of(ae["AEOUT"]).ne("")
        yield from kind_issue(("ae", "AEOUT"), ae, is_other, _OTHER_OUTCOME, ON_FIRST_LINES)
    for name, values in collected.items():
        is_blank = is_serious & values.eq("") if values.eq("N").any() else nothing
        is_new = is_blank & ~is_not_death if name == "AESDTH" else is_blank
        words = (f"Criterion of seriousness ({name}) blank for a serious event", _NOT_MET)
        yield from kind_issue(("ae", name), ae, is_new, words, ON_FIRST_LINES)
    is_met = pd.DataFrame({name: values.eq("Y") for name, values in collected.items()}).any(axis="columns")
    yield from kind_issue(("ae", "AESER"), ae, is_serious & ~is_met, _NONE, ON_FIRST_LINES)

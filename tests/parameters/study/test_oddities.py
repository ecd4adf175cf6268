from typing import Any

import pytest
from pydantic import ValidationError

from transfer_files import study_of


def faults(*rules: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    """Return where and what is wrong with the section of a study that reads DM and AE."""
    try:
        study_of(["dm"], ["ae"], oddities=list(rules))
    except ValidationError as error:
        return [(getattr(item["ctx"]["error"], "keys", ()), str(item["ctx"]["error"])) for item in error.errors()]
    return []


@pytest.mark.parametrize("weight", ["stop", "first lines"])
def test_a_weight_is_raised_without_a_reason(weight: str) -> None:
    assert faults({"dataset": "ae", "variable": "AESER", "weight": weight}) == []


@pytest.mark.parametrize("reason", [{}, {"reason": ""}, {"reason": "  "}])
def test_a_weight_is_lowered_with_a_reason_only(reason: dict[str, str]) -> None:
    lowered = {"dataset": "ae", "variable": "AESEV", "weight": "list"}
    assert faults(lowered | reason) == [(("reason",), "a written reason, which the page shows, where weight is list")]
    assert faults(lowered | {"reason": "Query 12 is answered"}) == []


def test_one_variable_has_one_weight() -> None:
    stop, lines = ({"dataset": "ae", "variable": "AESER", "weight": weight} for weight in ("stop", "first lines"))
    assert faults(stop, {**stop, "variable": "AESEV"}) == []
    assert faults(stop, lines) == [(("oddities", 1, "variable"), "one weight for ae.AESER")]


def test_a_dataset_that_the_study_does_not_read_has_no_oddities() -> None:
    expected = "a dataset of sources.required or sources.optional"
    assert faults({"dataset": "aa", "weight": "stop"}) == [(("oddities", 0, "dataset"), expected)]

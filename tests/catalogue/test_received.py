"""What the table of the data received says of the manifest that vouches for them."""

from __future__ import annotations

import pytest

from cutbook.catalogue import data
from cutbook.derive import Frames
from cutbook.parameters.study import Study
from results.people import STUDY

APART = "; those of the restricted part equal its own manifest"


def note_of(*, is_verified: bool = True, **sources: object) -> str:
    study = Study.model_validate(STUDY | {"sources": {"root": "x", "required": ["dm"], **sources}})
    (listing,) = data.received.rows(study)
    (note,) = listing.says_more(Frames({}, study, "2024-05-01", is_verified=is_verified))
    return note


@pytest.mark.parametrize(
    ("sources", "where"),
    [
        ({}, "the manifest manifest.json, which lies in the folder of the transfer."),
        ({"manifest": "own.json"}, "the manifest own.json, which lies in the folder of the transfer."),
        (
            {"manifest": "study:t1.json"},
            "the manifest t1.json, which lies beside the study file, not in the transfer.",
        ),
        (
            {"restricted": {"records": {"pc": {}}}},
            f"the manifest manifest.json, which lies in the folder of the transfer{APART}.",
        ),
    ],
)
def test_the_manifest_that_was_used_is_said_with_its_place(sources: dict[str, object], where: str) -> None:
    assert note_of(**sources) == f"Hash and row count of every file that was read equal {where}"


def test_an_unverified_transfer_names_no_manifest() -> None:
    assert note_of(is_verified=False, manifest="study:t1.json").startswith("Row counts unverified: ")

"""Records that belong to another record leave with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cutbook.data.cutting.cut import CutDatasets, apply_cut
from cutbook.parameters.study.data_cut import DataCut

RULES = {
    "included": {"dataset": "dm", "date": "RFSTDTC"},
    "rules": {
        "dm": {"rule": "participant"},
        "ae": {"rule": "date", "date": ["AESTDTC"]},
        "cm": {"rule": "date", "date": ["CMSTDTC"]},
    },
}
DM = pd.DataFrame([("1", "2022-01-01"), ("2", "2023-01-01")], columns=["USUBJID", "RFSTDTC"], dtype="str")
AE = pd.DataFrame(
    {
        "DOMAIN": "AE",
        "USUBJID": ["1", "1", "1", "2"],
        "AESEQ": [1.0, 2.0, 3.0, 1.0],
        "AESPID": ["E1", "E2", "E2", "E1"],
        "AESTDTC": ["2022-05-01", "2022-06-05", "2022-05-01", "2022-05-01"],
    }
)
CM = pd.DataFrame({"USUBJID": ["1"], "CMSEQ": [1.0], "CMSTDTC": ["2022-07-01"]})


def pointers(*rows: tuple[str | None, ...], last: str = "QNAM") -> pd.DataFrame:
    """Return records that name their parents."""
    return pd.DataFrame(list(rows), columns=["RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", last], dtype="str")


def cut(rules: dict[str, Any] | None = None, **datasets: pd.DataFrame) -> CutDatasets:
    named = RULES | {"rules": RULES["rules"] | (rules or {})}
    return apply_cut({"dm": DM, "ae": AE, "cm": CM, **datasets}, DataCut.model_validate(named), "2022-06-04")


def test_a_qualifier_is_kept_exactly_when_a_parent_record_is() -> None:
    suppae = pointers(
        ("AE", "1", "AESEQ", "1", "kept"),
        ("AE", "1", "AESEQ", "2", "parent late"),
        ("AE", "1", "AESEQ", "  3", "padded"),
        ("AE", "2", "AESEQ", "1", "participant late"),
        ("AE", "1", "AESPID", "E1", "by text"),
        ("AE", "1", "AESPID", "E2", "one of two parents kept"),
        ("AE", "1", None, None, "of the participant"),
        ("AE", "1", "AESEQ", "99", "no such parent"),
        ("AE", "1", "AEGRPID", "G", "no such variable"),
        ("ZZ", "1", "ZZSEQ", "1", "no such dataset"),
    )

    result = cut(suppae=suppae)

    assert result.datasets["suppae"]["QNAM"].tolist() == [
        "kept",
        "padded",
        "by text",
        "one of two parents kept",
        "of the participant",
        "no such parent",
        "no such variable",
        "no such dataset",
    ]
    removed = result.removed[result.removed["DATASET"] == "suppae"]
    assert removed[["KEY", "ROW", "VARIABLE", "VALUE", "REASON"]].to_numpy().tolist() == [
        ["suppae/1/2/parent late", 2, "AESEQ", "2", "its parent record was removed"],
        [
            "suppae/2/1/participant late",
            4,
            "RFSTDTC",
            "2023-01-01",
            "the participant entered after the cut-off 2022-06-04",
        ],
    ]
    assert result.kept[result.kept["DATASET"] == "suppae"]["ROW"].tolist() == [8, 9, 10]


def test_a_qualifier_of_the_participant_leaves_with_the_last_parent_record() -> None:
    suppcm = pointers(("CM", "1", None, None, "CMNOTE"))

    result = cut(suppcm=suppcm)

    assert result.datasets["suppcm"].empty
    removed = result.removed[result.removed["DATASET"] == "suppcm"]
    assert removed[["VARIABLE", "VALUE", "REASON"]].to_numpy().tolist() == [
        ["USUBJID", "1", "its parent record was removed"]
    ]


def test_identifiers_that_are_all_blank_may_be_read_as_numbers() -> None:
    suppdm = pointers(("DM", "1", None, None, "RACE1"), ("DM", "2", None, None, "RACE1")).assign(
        IDVAR=np.nan, IDVARVAL=np.nan
    )

    assert cut(suppdm=suppdm).datasets["suppdm"].index.tolist() == [0]


def test_a_relation_leaves_when_only_one_of_its_records_is_left() -> None:
    relrec = pointers(
        ("AE", "1", "AESEQ", "1", "R1"),
        ("CM", "1", "CMSEQ", "1", "R1"),
        ("AE", "1", "AESEQ", "1", "R2"),
        ("AE", "1", "AESEQ", "3", "R2"),
        ("CM", "1", "CMSEQ", "1", "R2"),
        ("AE", "1", "AESEQ", "3", "R3"),
        ("AE", None, "AESPID", None, "R4"),
        ("CM", None, "CMSPID", None, "R4"),
        last="RELID",
    )

    result = cut(relrec=relrec)

    assert result.datasets["relrec"].index.tolist() == [2, 3, 5, 6, 7]
    removed = result.removed[result.removed["DATASET"] == "relrec"]
    assert removed[["KEY", "REASON"]].to_numpy().tolist() == [
        ["relrec/1/AE/1/R1", "the record it was related to was removed"],
        ["relrec/1/CM/1/R1", "its parent record was removed"],
        ["relrec/1/CM/1/R2", "its parent record was removed"],
    ]


def test_a_comment_may_have_a_date_rule_and_still_follows_its_parent() -> None:
    co = pointers(
        ("AE", "1", "AESEQ", "1", "2022-05-02"),
        ("AE", "1", "AESEQ", "1", "2022-06-05"),
        ("AE", "1", "AESEQ", "2", "2022-05-02"),
        (None, "1", None, None, "2022-05-02"),
        last="CODTC",
    )

    result = cut({"co": {"rule": "date", "date": ["CODTC"]}}, co=co.assign(COSEQ=[1.0, 2.0, 3.0, 4.0]))

    assert result.datasets["co"]["COSEQ"].tolist() == [1.0, 4.0]
    assert result.removed.loc[result.removed["DATASET"] == "co", "KEY"].tolist() == ["co/1/2", "co/1/3"]


def test_a_domain_may_be_split_over_datasets() -> None:
    suppae = pointers(
        ("AE", "1", "AESEQ", "1", "first"), ("AE", "1", "AESEQ", "2", "late"), ("AE", "1", "AESEQ", "3", "second")
    )

    result = cut({"aespec": {"rule": "date", "date": ["AESTDTC"]}}, ae=AE[:2], aespec=AE[2:], suppae=suppae)

    assert result.datasets["suppae"]["QNAM"].tolist() == ["first", "second"]


def test_qualifiers_that_tell_what_is_known_at_extraction_are_removed() -> None:
    suppdm = pointers(("DM", "1", None, None, "COMPLT24"), ("DM", "1", None, None, "RACE1"))
    rules = DataCut.model_validate(RULES | {"undated_qualifiers": {"suppdm": ["COMPLT24"]}})

    result = apply_cut({"dm": DM, "ae": AE, "cm": CM, "suppdm": suppdm}, rules, "2022-06-04")

    assert result.datasets["suppdm"]["QNAM"].tolist() == ["RACE1"]
    assert result.removed.loc[result.removed["DATASET"] == "suppdm", ["KEY", "REASON"]].to_numpy().tolist() == [
        ["suppdm/1/COMPLT24", "tells what is known at extraction and carries no date"]
    ]


def test_a_supplemental_dataset_with_the_rule_none_stays_whole() -> None:
    suppae = pointers(("AE", "1", "AESEQ", "2", "late"), ("AE", "2", "AESEQ", "1", "not included"))

    assert len(cut({"suppae": {"rule": "none"}}, suppae=suppae).datasets["suppae"]) == 2

"""Results for other programs: as analysis results data, and as a reporting event of the standard."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pandas as pd
import pytest

from cutbook.parameters.cut import CutParameters
from cutbook.report.exporting.ard import ard_of, write_ard
from cutbook.report.exporting.ars import reporting_event, write_ars
from cutbook.results.table import results_table
from transfer_files import study_of

SCHEMA = Path(__file__).parents[2] / "reference" / "ars_1_0.schema.json"
CUT = CutParameters(
    study="demo", cut_id="C1", cutoff_date="2024-06-30", transfer="T1", purpose="First look", revision=2
)


def row(statistic: str, value: float, **columns: object) -> dict[str, object]:
    return {
        "display": "D4",
        "population": "SAFFL",
        "variable": "SER",
        "statistic": statistic,
        "value": value,
        **columns,
    }


RESULTS = {
    "safety": results_table(
        [
            row("n", 2.0, group="ACT", text="2", row_words="Serious event"),
            row("N", 8.0, group="ACT", text="8"),
            row("pct", 25.0, group="ACT", text="25.0", unit="%"),
            row("n", 3.0, group="TOTAL", text="3"),
            row(
                "mean", 1.23456789012345, display="D15", variable="AVAL", parameter="chem-ALT", visit="WEEK2",
                group="PBO", text="1.2", unit="U/L",
            ),
            row(
                "q1", float("nan"), display="D15", variable="AVAL", parameter="chem-ALT", visit="WEEK2", group="PBO",
                text="NE", reason="no values",
            ),
            row("estimate", -1.5, display="F1", population="", variable="SOD1", group="ACT-PBO", text="-1.5"),
        ]
    )
}  # fmt: skip


def staged() -> Any:
    return SimpleNamespace(study=study_of(["dm"]), cut=CUT)


def test_a_count_and_its_share_are_rows_of_an_ard_as_cards_names_them():
    ard = ard_of(RESULTS)
    serious = ard[ard["variable"].eq("SER") & ard["group1_level"].eq("ACT")]
    columns = ["group1", "group1_level", "variable", "context", "stat_name", "stat", "stat_fmt", "population"]
    assert serious[columns].to_numpy().tolist() == [
        ["TRT01A", "ACT", "SER", "tabulate", "n", 2.0, "2", "SAFFL"],
        ["TRT01A", "ACT", "SER", "tabulate", "N", 8.0, "8", "SAFFL"],
        ["TRT01A", "ACT", "SER", "tabulate", "p", 0.25, "25.0", "SAFFL"],
    ]
    assert serious[["group2", "group2_level", "group3", "warning", "error"]].isna().all().all()


def test_summaries_have_parameter_and_visit_as_groups_and_say_why_there_is_no_value():
    ard = ard_of(RESULTS)
    alt = ard[ard["display"].eq("D15")]
    columns = ["group2", "group2_level", "group3", "group3_level", "context", "stat_name", "stat", "error"]
    mean, quartile = alt[columns].to_numpy().tolist()
    assert mean[:-1] == ["PARAMCD", "chem-ALT", "AVISIT", "WEEK2", "summary", "mean", 1.23456789012345]
    assert quartile[5] == "p25"
    assert pd.isna(quartile[6])
    assert quartile[7] == "no values"
    assert ard["context"].tolist()[-1] == "analysis"


def test_files_of_an_ard_hold_the_numbers_unrounded(tmp_path: Path):
    files = write_ard(RESULTS, tmp_path / "out")
    assert {file.name: rows for file, rows in files.items()} == {"ard.csv": 7, "ard.parquet": 7}
    for read in (
        pd.read_csv(tmp_path / "out/ard.csv", keep_default_na=False, na_values=[""]),
        pd.read_parquet(tmp_path / "out/ard.parquet"),
    ):
        assert read["stat"].dropna().tolist() == [2.0, 8.0, 0.25, 3.0, 1.23456789012345, -1.5]


def test_a_reporting_event_follows_the_schema_of_the_standard():
    event = reporting_event(RESULTS, staged())
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(event, schema)
    for wrong in ({**event, "extra": 1}, {key: value for key, value in event.items() if key != "name"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def test_every_reference_of_a_reporting_event_leads_somewhere():
    event = reporting_event(RESULTS, staged())
    methods = {method["id"]: {one["id"] for one in method["operations"]} for method in event["methods"]}
    sets = {one["id"] for one in event["analysisSets"]}
    factors = {one["id"]: one for one in (*event["analysisGroupings"], *event["dataGroupings"])}
    terms = {term["id"] for extension in event["terminologyExtensions"] for term in extension["sponsorTerms"]}
    analyses = {one["id"]: one for one in event["analyses"]}
    assert len(analyses) == len(event["analyses"])
    for one in event["analyses"]:
        assert {one["reason"]["sponsorTermId"], one["purpose"]["sponsorTermId"]} <= terms
        assert one.get("analysisSetId") in {*sets, None}
        for result in one["results"]:
            assert result["operationId"] in methods[one["methodId"]]
            for group in result["resultGroups"]:
                known = factors[group["groupingId"]]
                assert "groupValue" in group or group["groupId"] in {own["id"] for own in known["groups"]}
    listed = event["mainListOfContents"]["contentsList"]["listItems"]
    named = [item for report in listed for item in report["sublist"]["listItems"]]
    assert {item["outputId"] for item in named} == {one["id"] for one in event["outputs"]}
    assert {below["analysisId"] for item in named for below in item["sublist"]["listItems"]} == set(analyses)


def test_results_of_an_event_have_raw_and_formatted_values_and_their_groups():
    event = reporting_event(RESULTS, staged())
    (serious,) = [one for one in event["analyses"] if one["variable"] == "SER"]
    assert serious["analysisSetId"] == "SET_SAFFL"
    assert serious["results"][2] == {
        "operationId": "MTH_n_N_pct.pct", "resultGroups": [{"groupingId": "GRP_TRT", "groupId": "GRP_TRT_ACT"}],
        "rawValue": "25.0", "formattedValue": "25.0",
    }  # fmt: skip
    (alt,) = [one for one in event["analyses"] if one["variable"] == "AVAL"]
    assert alt["results"][0]["rawValue"] == "1.23456789012345"
    assert alt["results"][0]["resultGroups"][1:] == [
        {"groupingId": "GRP_PARAMETER", "groupValue": "chem-ALT"}, {"groupingId": "GRP_VISIT", "groupValue": "WEEK2"},
    ]  # fmt: skip
    assert alt["results"][1] == {**alt["results"][1], "formattedValue": "NE"}
    assert "rawValue" not in alt["results"][1]


def test_groups_of_treatment_say_whom_they_hold():
    (arms,) = reporting_event(RESULTS, staged())["analysisGroupings"]
    groups = {group["id"]: group.get("condition", {}).get("value") for group in arms["groups"]}
    assert groups == {
        "GRP_TRT_PBO": ["Placebo"], "GRP_TRT_ACT": ["Active"], "GRP_TRT_TOTAL": ["Placebo", "Active"],
        "GRP_TRT_ACT-PBO": None,
    }  # fmt: skip


def test_codes_that_look_alike_stay_apart():
    rows = [row("n", 1.0, group="A 1"), row("n", 2.0, group="A_1")]
    event = reporting_event({"safety": results_table(rows)}, staged())
    found = {one["resultGroups"][0]["groupId"]: one["rawValue"] for one in event["analyses"][0]["results"]}
    assert found == {"GRP_TRT_A 1": "1.0", "GRP_TRT_A_1": "2.0"}


def test_an_event_says_which_cut_it_is_and_that_nobody_in_it_is_real(tmp_path: Path):
    files = write_ars(RESULTS, staged(), tmp_path / "out")
    assert list(files.values()) == [7]
    event = json.loads(next(iter(files)).read_text(encoding="utf-8"))
    assert (event["id"], event["name"], event["version"]) == ("demo_C1", "demo, C1", 2)
    assert event["description"] == "A demonstration. Data cut-off 2024-06-30. First look. Synthetic data."

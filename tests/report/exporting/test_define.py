"""Define-XML of derived datasets: valid by its schema, and true of the files beside it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
import xmlschema
from odmlib.schema_manager import get_schema_path

from cutbook.report.exporting.datasets import write_datasets
from report.exporting.test_results import CUT
from transfer_files import study_of

NOW = "2026-11-28T09:00:00Z"
NAMES = {"odm": "http://www.cdisc.org/ns/odm/v1.3", "def": "http://www.cdisc.org/ns/def/v2.1"}
DEF = f"{{{NAMES['def']}}}"
DATASETS = {
    "adsl": pd.DataFrame(
        {
            "USUBJID": ["01", "02"], "AGE": [40.0, 51.5], "SEX": ["F", "M"], "SAFFL": ["Y", None],
            "TRTSDT": pd.to_datetime(["2024-01-10", "2024-01-11"]).astype("datetime64[s]"),
        }
    ),
    "adae": pd.DataFrame({"USUBJID": ["01"], "AESEQ": [1.0], "AETERM": ["Kopfweh"], "TRTEMRULE": ["after the dose"]}),
}  # fmt: skip


@pytest.fixture
def define(tmp_path: Path) -> ET.Element:
    """Return the define.xml of a transport export, which its schema accepts."""
    write("xpt", tmp_path / "xpt")
    file = tmp_path / "xpt" / "define.xml"
    xmlschema.XMLSchema(get_schema_path("define", "2.1")).validate(str(file))
    return ET.parse(file).getroot()  # noqa: S314 - our own file


def write(ending: str, folder: Path) -> dict[Path, int]:
    source = {"dm": pd.DataFrame(columns=["USUBJID", "AGE", "SEX"]), "ae": pd.DataFrame(columns=["AETERM", "AESEQ"])}
    staged: Any = SimpleNamespace(study=study_of(["dm"]), cut=CUT, datasets=source, stamps={"extracted": ""})
    return write_datasets(ending, DATASETS, folder, staged, NOW)


def items(define: ET.Element) -> dict[str, ET.Element]:
    return {item.attrib["OID"]: item for item in define.iterfind(".//odm:ItemDef", NAMES)}


def test_every_dataset_names_its_file_class_and_keys(define: ET.Element):
    groups = define.findall(".//odm:ItemGroupDef", NAMES)
    assert [(group.attrib["Name"], group.attrib["Repeating"]) for group in groups] == [("ADSL", "No"), ("ADAE", "Yes")]
    classes = [group.find("def:Class", NAMES).attrib["Name"] for group in groups]  # type: ignore[union-attr]
    assert classes == ["SUBJECT LEVEL ANALYSIS DATASET", "OCCURRENCE DATA STRUCTURE"]
    links = [leaf.attrib["{http://www.w3.org/1999/xlink}href"] for leaf in define.iterfind(".//def:leaf", NAMES)]
    assert links == ["adsl.xpt", "adae.xpt"]
    keys = [
        [ref.attrib["ItemOID"] for ref in group.findall("odm:ItemRef", NAMES) if "KeySequence" in ref.attrib]
        for group in groups
    ]
    assert keys == [["IT.ADSL.USUBJID"], ["IT.ADAE.USUBJID", "IT.ADAE.AESEQ"]]


def test_variables_have_type_length_label_and_origin(define: ET.Element):
    found = items(define)
    told = {
        oid: (item.attrib["DataType"], item.attrib["Length"], item.find("def:Origin", NAMES).attrib["Type"])  # type: ignore[union-attr]
        for oid, item in found.items()
    }
    assert told == {
        "IT.ADSL.USUBJID": ("text", "2", "Predecessor"), "IT.ADSL.AGE": ("float", "8", "Predecessor"),
        "IT.ADSL.SEX": ("text", "1", "Predecessor"), "IT.ADSL.SAFFL": ("text", "1", "Derived"),
        "IT.ADSL.TRTSDT": ("integer", "8", "Derived"), "IT.ADAE.USUBJID": ("text", "2", "Derived"),
        "IT.ADAE.AESEQ": ("float", "8", "Predecessor"), "IT.ADAE.AETERM": ("text", "7", "Predecessor"),
    }  # fmt: skip
    assert found["IT.ADSL.TRTSDT"].attrib[f"{DEF}DisplayFormat"] == "DATE9."
    assert "".join(found["IT.ADSL.AGE"].find("odm:Description", NAMES).itertext()) == "Age"  # type: ignore[union-attr]


def test_what_is_derived_has_a_method_and_what_has_few_values_lists_them(define: ET.Element):
    methods = {method.attrib["OID"] for method in define.iterfind(".//odm:MethodDef", NAMES)}
    asked = {ref.attrib["MethodOID"] for ref in define.iterfind(".//odm:ItemRef", NAMES) if "MethodOID" in ref.attrib}
    assert asked == methods == {"MT.ADSL.SAFFL", "MT.ADSL.TRTSDT", "MT.ADAE.USUBJID"}
    lists = {
        one.attrib["OID"]: [item.attrib["CodedValue"] for item in one.findall("odm:EnumeratedItem", NAMES)]
        for one in define.iterfind(".//odm:CodeList", NAMES)
    }
    assert lists == {"CL.ADSL.SEX": ["F", "M"], "CL.ADSL.SAFFL": ["Y"], "CL.ADAE.AETERM": ["Kopfweh"]}


def test_a_define_says_that_its_data_are_synthetic(define: ET.Element):
    description = define.find(".//odm:StudyDescription", NAMES)
    assert description is not None
    assert (description.text or "").endswith("synthetic data")


def test_dataset_json_keeps_long_names_and_its_define_says_so(tmp_path: Path):
    write("json", tmp_path / "json")
    root = ET.parse(tmp_path / "json/define.xml").getroot()  # noqa: S314 - our own file
    assert "IT.ADAE.TRTEMRULE" in items(root)
    assert '"TRTEMRULE"' in (tmp_path / "json/adae.json").read_text(encoding="utf-8")

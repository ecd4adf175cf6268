"""Define-XML 2.1 of derived datasets: variables, where each comes from, and the values of those that have few.

Source: CDISC Define-XML 2.1, written with odmlib.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from odmlib.define_2_1 import model as define

from cutbook.data.staging.staged import StagedCut
from cutbook.record_names import text_of
from cutbook.records import sequence_variable
from cutbook.report.exporting.written import LONGEST_TEXT, Described, type_of

DEFINE = "define.xml"

_MOST_VALUES, _LONGEST_VALUE = 12, 60
_ENGLISH = "en"
_STANDARD = "STD.ADAMIG"
_CLASSES = {"adsl": "SUBJECT LEVEL ANALYSIS DATASET", "adae": "OCCURRENCE DATA STRUCTURE"}
_BASIC = "BASIC DATA STRUCTURE"
_STRUCTURES = {"adsl": "One record per subject", "adae": "One record per adverse event"}
_OF_VALUES = "One record per subject, parameter and time point"
_SOURCES = {"adsl": "dm", "adeff": ""}
_TYPES = {"string": "text", "double": "float", "date": "integer", "datetime": "integer"}
_FORMATS = {"date": "DATE9.", "datetime": "DATETIME20."}


@dataclass(frozen=True)
class _Variable:
    """A variable of a dataset: its OID, values, words, the dataset that it was taken from (empty: derived)."""

    dataset: str
    name: str
    values: pd.Series
    label: str
    source: str

    @property
    def oid(self) -> str:
        return f"IT.{self.dataset.upper()}.{self.name}"

    @property
    def codes(self) -> list[str]:
        """Its values where there are few and all are short; none where there are more, or numbers."""
        if type_of(self.values) != "string":
            return []
        known = sorted({str(value) for value in self.values.dropna()})
        is_short = all(0 < len(value) <= _LONGEST_VALUE for value in known)
        return known if known and len(known) <= _MOST_VALUES and is_short and self.name != "USUBJID" else []


def write_define(
    datasets: Mapping[str, pd.DataFrame], folder: Path, staged: StagedCut, abouts: Mapping[str, Described], ending: str
) -> None:
    """Write the Define-XML of the datasets in a folder.

    Parameters
    ----------
    datasets : mapping of str to frame
        By name, as they are written there.
    folder : Path
        Where the datasets lie.
    staged : StagedCut
        The study, and the datasets that variables were taken from.
    abouts : mapping of str to Described
        What each file says of its dataset.
    ending : str
        Of the files of the datasets, ``xpt`` or ``json``.
    """
    variables = [one for name, frame in datasets.items() for one in _variables(name, frame, staged, abouts[name])]
    version = define.MetaDataVersion(
        OID=f"MDV.{staged.study.id}", Name=f"{staged.study.id}, {staged.cut.cut_id}",
        Description=_said(staged), DefineVersion="2.1.0",
    )  # fmt: skip
    version.Standards = define.Standards()
    version.Standards.Standard.append(
        define.Standard(OID=_STANDARD, Name="ADaMIG", Type="IG", Version="1.3", Status="Final")
    )
    for name, frame in datasets.items():
        own = [one for one in variables if one.dataset == name]
        version.ItemGroupDef.append(_dataset(name, frame, own, abouts[name], ending))
    version.ItemDef.extend(_item(one) for one in variables)
    version.CodeList.extend(_code_list(one) for one in variables if one.codes)
    version.MethodDef.extend(_method(one) for one in variables if not one.source)
    _document(version, staged, next(iter(abouts.values())).created).write_xml(str(folder / DEFINE))


def _said(staged: StagedCut) -> str:
    synthetic = ", synthetic data" if staged.study.is_synthetic else ""
    return f"Derived datasets of {staged.study.title} at the data cut-off {staged.cut.cutoff_date}{synthetic}"


def _document(version: define.MetaDataVersion, staged: StagedCut, created: str) -> define.ODM:
    study = define.Study(OID=f"ST.{staged.study.id}")
    study.GlobalVariables = define.GlobalVariables()
    study.GlobalVariables.StudyName = define.StudyName(_content=staged.study.id)
    study.GlobalVariables.StudyDescription = define.StudyDescription(_content=_said(staged))
    study.GlobalVariables.ProtocolName = define.ProtocolName(
        _content=", ".join(staged.study.sources.studyid) or staged.study.id
    )
    study.MetaDataVersion = version
    document = define.ODM(
        FileType="Snapshot", FileOID=f"ODM.{staged.study.id}.{staged.cut.cut_id}", ODMVersion="1.3.2",
        CreationDateTime=created, AsOfDateTime=created, Originator="Cutbook", Context="Other",
    )  # fmt: skip
    document.Study = study
    return document


def _variables(name: str, frame: pd.DataFrame, staged: StagedCut, about: Described) -> Iterator[_Variable]:
    source = _SOURCES.get(name, name.removeprefix("ad"))
    taken = set(staged.datasets[source].columns) if source in staged.datasets else set[str]()
    for variable in frame.columns:
        label = about.label_of(str(variable))
        yield _Variable(name, str(variable), frame[variable], label, source if variable in taken else "")


def _words(text: str) -> define.Description:
    described = define.Description()
    described.TranslatedText.append(define.TranslatedText(_content=text, lang=_ENGLISH))
    return described


def _dataset(
    name: str, frame: pd.DataFrame, variables: Sequence[_Variable], about: Described, ending: str
) -> define.ItemGroupDef:
    place = f"LF.{name.upper()}"
    made = define.ItemGroupDef(
        OID=f"IG.{name.upper()}", Name=name.upper(), Repeating="No" if name == "adsl" else "Yes",
        IsReferenceData="No", SASDatasetName=name.upper(), Purpose="Analysis", StandardOID=_STANDARD,
        Structure=_STRUCTURES.get(name, _OF_VALUES), ArchiveLocationID=place,
    )  # fmt: skip
    made.Description = _words(about.label)
    keys = _keys(name, frame)
    for number, one in enumerate(variables, start=1):
        given: dict[str, Any] = {"KeySequence": keys.index(one.name) + 1} if one.name in keys else {}
        given |= {} if one.source else {"MethodOID": _method_oid(one)}
        mandatory = "Yes" if text_of(one.values).ne("").all() else "No"
        made.ItemRef.append(define.ItemRef(ItemOID=one.oid, OrderNumber=number, Mandatory=mandatory, **given))
    made.Class = define.Class(Name=_CLASSES.get(name, _BASIC))
    made.leaf = define.leaf(ID=place, href=f"{name}.{ending}")
    made.leaf.title = define.title(_content=f"{name}.{ending}")
    return made


def _keys(name: str, frame: pd.DataFrame) -> list[str]:
    number = sequence_variable(name.removeprefix("ad"), frame.columns)
    keys = ["USUBJID", *([] if name == "adsl" else ["SRCFAM", "PARAMCD", "AVISIT", "ADTM", "ADT", number])]
    return [key for key in keys if key and key in frame]


def _item(one: _Variable) -> define.ItemDef:
    kind = type_of(one.values)
    made = define.ItemDef(OID=one.oid, Name=one.name, DataType=_TYPES[kind], SASFieldName=one.name[:8])
    made.Length = _length(one.values) if kind == "string" else 8
    if kind in _FORMATS:
        made.DisplayFormat = _FORMATS[kind]
    if kind == "double":
        made.SignificantDigits = 8
    made.Description = _words(one.label)
    if one.codes:
        made.CodeListRef = define.CodeListRef(CodeListOID=_codes_oid(one))
    origin = define.Origin(Type="Predecessor" if one.source else "Derived", Source="Sponsor")
    if one.source:
        origin.Description = _words(f"{one.source.upper()}.{one.name}")
    made.Origin.append(origin)
    return made


def _length(values: pd.Series) -> int:
    longest = text_of(values).map(lambda text: len(text.encode())).max()
    return min(max(int(longest), 1), LONGEST_TEXT) if len(values) else 1


def _codes_oid(one: _Variable) -> str:
    return f"CL.{one.dataset.upper()}.{one.name}"


def _code_list(one: _Variable) -> define.CodeList:
    made = define.CodeList(OID=_codes_oid(one), Name=one.label, DataType="text", IsNonStandard="Yes")
    for number, value in enumerate(one.codes, start=1):
        made.EnumeratedItem.append(define.EnumeratedItem(CodedValue=value, OrderNumber=number))
    return made


def _method_oid(one: _Variable) -> str:
    return f"MT.{one.dataset.upper()}.{one.name}"


def _method(one: _Variable) -> define.MethodDef:
    made = define.MethodDef(OID=_method_oid(one), Name=f"{one.dataset.upper()}.{one.name}", Type="Computation")
    made.Description = _words(f"{one.label}: derived by the rules of the study file")
    return made

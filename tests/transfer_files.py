"""Small transfers for tests: a study, datasets without faults, and files of every format with their manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from cutbook.parameters.study import Study


def study_of(required: list[str], optional: list[str] | None = None, **changes: Any) -> Study:
    """Return a synthetic study of two arms that needs the named datasets; ``changes`` replace top-level keys."""
    tree: dict[str, Any] = {
        "id": "demo",
        "title": "A demonstration",
        "is_synthetic": True,
        "sources": {"root": "transfers", "required": required, "optional": optional or []},
        "treatment": {
            "compound": "X",
            "dose_unit": "mg",
            "arms": [{"code": "PBO", "label": "Placebo", "dose": 0}, {"code": "ACT", "label": "Active", "dose": 20}],
            "not_assigned": ["SCRNFAIL"],
        },
        "data_cut": {
            "included": {"dataset": "ds", "date": "DSSTDTC", "where": {"DSDECOD": ["RANDOMIZED"]}},
            "rules": {},
        },
        "adverse_events": {"related": ["RELATED"]},
    }
    for key, value in changes.items():
        tree[key] = {**tree[key], **value} if isinstance(tree.get(key), dict) else value
    return Study.model_validate(tree)


def clean_datasets() -> dict[str, pd.DataFrame]:
    """Return DM, DS, EX, AE and LB of three participants, one a screen failure, as they are after reading."""
    columns: dict[str, dict[str, list[Any]]] = {
        "dm": {
            "STUDYID": ["DEMO"] * 3,
            "DOMAIN": ["DM"] * 3,
            "USUBJID": ["01-001", "01-002", "01-003"],
            "SUBJID": ["001", "002", "003"],
            "SITEID": ["01", "01", "NA"],
            "AGE": [40.0, 51.0, 62.0],
            "SEX": ["F", "M", "F"],
            "RACE": ["WHITE"] * 3,
            "ETHNIC": [None] * 3,
            "COUNTRY": ["USA"] * 3,
            "ARMCD": ["PBO", "ACT", None],
            "ARMNRS": [None, None, "SCREEN FAILURE"],
            "ACTARMCD": ["PBO", "ACT", None],
            "DTHFL": [None] * 3,
            "DTHDTC": [None] * 3,
        },
        "ds": {
            "USUBJID": ["01-001", "01-002", "01-003"],
            "DSSEQ": [1.0, 1.0, 1.0],
            "DSTERM": ["RANDOMIZED", "RANDOMIZED", "SCREEN FAILURE"],
            "DSDECOD": ["RANDOMIZED", "RANDOMIZED", "SCREEN FAILURE"],
            "DSCAT": ["PROTOCOL MILESTONE", "PROTOCOL MILESTONE", "DISPOSITION EVENT"],
            "DSSTDTC": ["2024-01-10", "2024-01-11", "2024-01-05"],
        },
        "ex": {
            "USUBJID": ["01-001", "01-002"],
            "EXSEQ": [1.0, 1.0],
            "EXTRT": ["PLACEBO", "X"],
            "EXDOSE": [0.0, 20.0],
            "EXDOSU": ["mg", "mg"],
            "EXSTDTC": ["2024-01-10", "2024-01-11T10:00"],
            "EXENDTC": ["2024-01-10", "2024-01-11T10:30"],
        },
        "ae": {
            "USUBJID": ["01-001", "01-002", "01-002"],
            "AESEQ": [1.0, 1.0, 2.0],
            "AETERM": ["HEADACHE", "FALL", "NAUSEA"],
            "AEDECOD": ["Headache", "Fall", "Nausea"],
            "AEBODSYS": ["Nervous system disorders", "Injury", "Gastrointestinal disorders"],
            "AESEV": ["MILD", "MILD", "SEVERE"],
            "AESER": ["N", "N", "Y"],
            "AEREL": ["RELATED", "NOT RELATED", "RELATED"],
            "AEACN": ["DOSE NOT CHANGED"] * 3,
            "AEOUT": ["NOT RECOVERED/NOT RESOLVED", "RECOVERED/RESOLVED", "RECOVERED/RESOLVED"],
            "AESTDTC": ["2024-02", "2024-02-03", "2024-03-01T10:00+02:00"],
            "AEENDTC": [None, "2024---05", "--03-05"],
        },
        "lb": {
            "USUBJID": ["01-001", "01-001", "01-002", "01-002"],
            "LBSEQ": [1.0, 2.0, 1.0, 2.0],
            "LBTESTCD": ["GLUC", "SOD1", "GLUC", "SOD1"],
            "LBTEST": ["Glucose", "Superoxide Dismutase 1", "Glucose", "Superoxide Dismutase 1"],
            "LBORRES": ["5.1", "<0.5", "4.9", "101"],
            "LBSTRESC": ["5.1", "<0.5", "4.9", "101"],
            "LBSTRESN": [5.1, None, 4.9, 101.0],
            "LBSTRESU": ["mmol/L", "ug/L", "mmol/L", "ug/L"],
            "LBSTNRLO": [3.9, None, 3.9, None],
            "LBSTNRHI": [6.1, None, 6.1, None],
            "VISITNUM": [1.0, 1.0, 1.0, 1.0],
            "VISIT": ["SCREENING"] * 4,
            "LBDTC": ["2024-01-02", "2024-01-02", "2024-01-03", "2024-01-03"],
        },
    }
    return {name: frame_of_records(values) for name, values in columns.items()}


def frame_of_records(columns: Mapping[str, list[Any]]) -> pd.DataFrame:
    """Return a frame typed as reading types it: numbers float64, everything else text."""
    is_number = {name: any(isinstance(value, float) for value in values) for name, values in columns.items()}
    frame = pd.DataFrame(dict(columns))
    return frame.astype({name: "float64" if number else "str" for name, number in is_number.items()})


def write_dataset(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame in the format that the file's ending says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".xpt":
        filled = frame.assign(**{name: frame[name].fillna("") for name in frame if frame[name].dtype == "str"})
        pyreadstat.write_xport(filled, path, table_name=path.stem.upper(), file_format_version=5)
    elif path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    elif path.suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        write_dataset_json(path, frame)


def write_dataset_json(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame as Dataset-JSON, line by line when the ending says so."""
    document = dataset_json_of(path.stem, frame)
    if path.suffix == ".json":
        path.write_text(json.dumps(document), encoding="utf-8")
        return
    lines = [{key: value for key, value in document.items() if key != "rows"}, *document["rows"]]
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")


def dataset_json_of(name: str, frame: pd.DataFrame) -> dict[str, Any]:
    """Return a frame as the tree of a Dataset-JSON 1.1 object."""
    columns = [
        {
            "itemOID": f"IT.{column}",
            "name": column,
            "label": f"Label of {column}",
            "dataType": "string" if frame[column].dtype == "str" else "float",
        }
        for column in frame
    ]
    return {
        "datasetJSONCreationDateTime": "2024-04-01T00:00:00",
        "datasetJSONVersion": "1.1.0",
        "itemGroupOID": f"IG.{name.upper()}",
        "records": len(frame),
        "name": name.upper(),
        "label": f"Label of {name}",
        "columns": columns,
        "rows": [[None if pd.isna(value) else value for value in row] for row in frame.itertuples(index=False)],
    }


def listed(folder: Path, path: str, rows: int) -> dict[str, Any]:
    """Return a manifest's entry for a file as it lies there."""
    content = (folder / path).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return {"path": path, "dataset": Path(path).stem.lower(), "sha256": digest, "rows": rows}


def write_manifest(folder: Path, files: list[dict[str, Any]], **changes: Any) -> Path:
    """Write the manifest of the transfer in ``folder`` and return where it lies; ``changes`` replace its keys."""
    tree = {
        "format": "cutbook-transfer-1",
        "study": "demo",
        "transfer": folder.name,
        "extracted": "2024-04-01",
        "is_synthetic": True,
        "files": files,
    }
    path = folder / "manifest.json"
    path.write_text(json.dumps(tree | changes), encoding="utf-8")
    return path


def write_transfer(folder: Path, datasets: Mapping[str, pd.DataFrame]) -> Path:
    """Write datasets under their file names and a true manifest; return where the manifest lies."""
    for name, frame in datasets.items():
        write_dataset(folder / name, frame)
    return write_manifest(folder, [listed(folder, name, len(frame)) for name, frame in datasets.items()])

"""What a file is by its first bytes and by the ending of its name; both must agree before it is read."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath

from cutbook.data.formats.xpt import XPT_MAGIC

ENDINGS = {
    ".xpt": "a SAS transport file, version 5",
    ".sas7bdat": "a SAS dataset",
    ".parquet": "a Parquet file",
    ".csv": "comma-separated text",
    ".json": "a JSON object",
    ".ndjson": "a JSON object",
    ".dsjc": "zlib-compressed data",
}
"""Endings of the formats that are read, and what the content must be."""

KINDS_BY_NAME = {
    ".zip": "a zip archive",
    ".7z": "a 7z archive",
    ".rar": "a rar archive",
    **dict.fromkeys((".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst"), "a compressed file"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb"), "an Excel workbook"),
    ".xls": "an Excel workbook of before 2007",
    ".ods": "an OpenDocument spreadsheet",
    **dict.fromkeys((".docx", ".docm"), "a Word document"),
    ".doc": "a Word document of before 2007",
    ".pdf": "a PDF document",
    ".sas7bcat": "a SAS catalogue",
    **dict.fromkeys((".cpt", ".cport"), "a SAS CPORT file"),
    **dict.fromkeys((".sav", ".zsav", ".por"), "an SPSS file"),
    ".dta": "a Stata file",
    **dict.fromkeys((".rds", ".rda", ".rdata"), "an R file"),
}
"""What a file of another ending is by its name; such a file is never opened."""

_ARCHIVES = ("a zip archive", "a 7z archive", "a rar archive", "a compressed file")
_SHEETS = ("an Excel workbook", "an Excel workbook of before 2007", "an OpenDocument spreadsheet")
_OFFICE = "an Excel or Word file of before 2007"
_DOCUMENTS = ("a Word document", "a Word document of before 2007", "a PDF document")
_PACKAGES = ("an SPSS file", "a Stata file", "an R file", "a data file of another format")
_VERSION_5 = "have it written as a SAS transport file of version 5 (XPORT engine, or PROC COPY to it)"

_REMEDIES = {
    **dict.fromkeys(_ARCHIVES, "unpack it, and list its files in the manifest"),
    **dict.fromkeys((*_SHEETS, _OFFICE), "save each sheet as CSV in UTF-8, one file a dataset"),
    **dict.fromkeys(_DOCUMENTS, "have the dataset itself sent: a document holds no records"),
    **dict.fromkeys(_PACKAGES, f"have it sent in a format that is read: {', '.join(ENDINGS)}"),
    "a SAS catalogue": "have the datasets sent (.sas7bdat): a catalogue holds formats, no records",
    "a SAS CPORT file": _VERSION_5,
    "a SAS transport file, version 8": _VERSION_5,
    "text in UTF-16": "save it as CSV in UTF-8",
    "an encrypted Parquet file": "have it sent without encryption",
}
_RESEND = "have the transfer sent again"

HOLDS_DATA = frozenset({*_ARCHIVES, *_SHEETS, *_PACKAGES, "a SAS CPORT file", "a SAS catalogue"})
"""Kinds of files that may be meant as datasets."""

_MAGIC_OF_SAS = "000000000000000000000000c2ea81{kind}b31411cfbd92080009c7318c181f1011"
_TEXT = "comma-separated text"
_ZIP = "a zip archive"
_SIGNATURES = (
    (re.escape(XPT_MAGIC), "a SAS transport file, version 5"),
    (rb"HEADER RECORD\*{7}LIBV8", "a SAS transport file, version 8"),
    (rb"\*\*COMPRESSED\*\*|LIB CONTROL", "a SAS CPORT file"),
    (re.escape(bytes.fromhex(_MAGIC_OF_SAS.format(kind="60"))), "a SAS dataset"),
    (re.escape(bytes.fromhex(_MAGIC_OF_SAS.format(kind="63"))), "a SAS catalogue"),
    (rb"PAR1", "a Parquet file"),
    (rb"PARE", "an encrypted Parquet file"),
    (rb"PK[\x03\x05\x07]", _ZIP),
    (rb"Rar!", "a rar archive"),
    (rb"7z\xbc\xaf", "a 7z archive"),
    (rb"\x80[\x00-\x05]", "a pickle"),
    (rb"\x78[\x01\x5e\x9c\xda]", "zlib-compressed data"),
    (rb"ZF0x", "a joblib file"),
    (rb"\x1f\x8b|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd|\x04\x22\x4d\x18", "a compressed file"),
    (rb"\$FL[23]", "an SPSS file"),
    (rb"<stata_dta>", "a Stata file"),
    (rb"\x89HDF|\x93NUMPY|SQLite format 3|ARROW1|FEA1|RDX[23]\n", "a data file of another format"),
    (rb"%PDF", "a PDF document"),
    (rb"\xd0\xcf\x11\xe0", _OFFICE),
    (rb"\x7fELF|#!|\x89PNG|GIF8|\xff\xd8\xff", "no data file"),
    (rb"\xff\xfe|\xfe\xff", "text in UTF-16"),
    (rb"(\xef\xbb\xbf)?\s*<", "HTML or XML"),
    (rb"(\xef\xbb\xbf)?\s*\{", "a JSON object"),
    (rb"(\xef\xbb\xbf)?\s*\[", "a JSON list"),
)
_COMPILED = tuple((re.compile(pattern, re.DOTALL), name) for pattern, name in _SIGNATURES)
_IN_ZIP = (
    ("xl/", "an Excel workbook"),
    ("word/", "a Word document"),
    ("content.xml", "an OpenDocument spreadsheet"),
)
"""The beginning of a name in a zip archive, and what the archive then is."""


def ending_of(path: str) -> str:
    """Return the ending of a file name in small letters, empty when it is not one that is read.

    Examples
    --------
    >>> ending_of("sdtm/AE.XPT"), ending_of("ae.pkl")
    ('.xpt', '')
    """
    ending = PurePosixPath(path).suffix.lower()
    return ending if ending in ENDINGS else ""


def content_of(content: bytes) -> str:
    r"""Return in words what a file's first bytes are, never by loading it.

    Examples
    --------
    >>> content_of(b"PK\x03\x04"), content_of(b"\x80\x04\x95"), content_of(b"STUDYID,USUBJID\n")
    ('a zip archive', 'a pickle', 'comma-separated text')
    """
    for pattern, name in _COMPILED:
        if pattern.match(content):
            return _zipped(content) if name == _ZIP else name
    if not content.strip():
        return "an empty file"
    return "binary data" if b"\0" in content else _TEXT


def kind_by_name(path: str) -> str:
    """Return in words what a file is by the ending of its name; empty when nothing is known or the format is read.

    Examples
    --------
    >>> kind_by_name("sdtm/Data.XLSX"), kind_by_name("dm.csv.gz"), kind_by_name("dm.csv"), kind_by_name("notes.txt")
    ('an Excel workbook', 'a compressed file', '', '')
    """
    return KINDS_BY_NAME.get(PurePosixPath(path).suffix.lower(), "")


def remedy_for(kind: str) -> str:
    """Return what to do about a file of this kind in the place of a dataset.

    Examples
    --------
    >>> remedy_for("an Excel workbook"), remedy_for("HTML or XML")
    ('save each sheet as CSV in UTF-8, one file a dataset', 'have the transfer sent again')
    """
    return _REMEDIES.get(kind, _RESEND)


def _zipped(content: bytes) -> str:
    """Return what a zip archive is by the names in it; nothing in it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return _ZIP
    return next((kind for beginning, kind in _IN_ZIP if any(name.startswith(beginning) for name in names)), _ZIP)

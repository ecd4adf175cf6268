"""What a file is by its first bytes and by the ending of its name; both must agree before it is read."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from cutbook.data.formats.xpt import XPT_MAGIC

ENDINGS = {
    ".xpt": "a SAS transport file, version 5",
    ".sas7bdat": "a SAS dataset",
    ".parquet": "a Parquet file",
    ".csv": "comma-separated text",
    ".json": "a JSON object",
    ".ndjson": "a JSON object",
}
"""Endings of the formats that are read, and what the content must be."""

_SAS7BDAT_MAGIC = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011")
_TEXT = "comma-separated text"
_SIGNATURES = (
    (re.escape(XPT_MAGIC), "a SAS transport file, version 5"),
    (rb"HEADER RECORD\*{7}LIBV8", "a SAS transport file, version 8"),
    (re.escape(_SAS7BDAT_MAGIC), "a SAS dataset"),
    (rb"PAR1", "a Parquet file"),
    (rb"PARE", "an encrypted Parquet file"),
    (rb"PK[\x03\x05\x07]", "a zip archive"),
    (rb"\x80[\x00-\x05]", "a pickle"),
    (rb"\x78[\x01\x5e\x9c\xda]|ZF0x", "a joblib file or other zlib data"),
    (rb"\x1f\x8b|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd|7z\xbc\xaf|Rar!|\x04\x22\x4d\x18", "a compressed file"),
    (rb"\x89HDF|\x93NUMPY|SQLite format 3|ARROW1|FEA1|RDX[23]\n", "a data file of another format"),
    (rb"\x7fELF|#!|%PDF|\xd0\xcf\x11\xe0|\x89PNG|GIF8|\xff\xd8\xff", "no data file"),
    (rb"\xff\xfe|\xfe\xff", "text in UTF-16"),
    (rb"(\xef\xbb\xbf)?\s*<", "HTML or XML"),
    (rb"(\xef\xbb\xbf)?\s*\{", "a JSON object"),
    (rb"(\xef\xbb\xbf)?\s*\[", "a JSON list"),
)
_COMPILED = tuple((re.compile(pattern, re.DOTALL), name) for pattern, name in _SIGNATURES)


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
            return name
    if not content.strip():
        return "an empty file"
    return "binary data" if b"\0" in content else _TEXT

"""Files of a transfer folder that are not read: said for what they are, with what would help."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from cutbook.data.formats.signatures import HOLDS_DATA, KINDS_BY_NAME, kind_by_name, remedy_for
from cutbook.data.wording import first_few, quoted
from cutbook.errors import Fault
from cutbook.parameters.project import RESTRICTED_MANIFEST as MANIFEST


def verdict_on(path: str, *, is_verified: bool) -> str:
    """Return what was done with a file that is no dataset of the transfer, in words.

    Examples
    --------
    >>> verdict_on("notes.txt", is_verified=True), verdict_on("all.zip", is_verified=False)
    ('not in the manifest: not read', 'a zip archive: not read')
    >>> verdict_on("manifest.json", is_verified=True)
    'a manifest, but not the one that was used: not read'
    """
    if path == MANIFEST:
        return "a manifest, but not the one that was used: not read"
    kind = kind_by_name(path)
    if is_verified:
        return f"not in the manifest: not read ({kind})" if kind in HOLDS_DATA else "not in the manifest: not read"
    return f"{kind}: not read" if kind else "no dataset in a known format: not read"


def unread_faults(received: pd.DataFrame, absent: Sequence[str]) -> list[Fault]:
    """Return a fault for each file that may hold a dataset which is missing, with what would make it readable.

    Parameters
    ----------
    received : frame
        DATASET (empty for files that are none), FILE: one row a file of the transfer.
    absent : sequence of str
        Required datasets that were not provided; without any there is no fault.
    """
    if not absent:
        return []
    kinds = {str(path): kind_by_name(str(path)) for path in received.loc[received["DATASET"].eq(""), "FILE"]}
    found = f"where {first_few(absent)} {'is' if len(absent) == 1 else 'are'} missing"
    expected = "every dataset as a file of a format that is read"
    return [
        Fault(path, f"{kind}, which is not read, {found}", expected, remedy_for(kind))
        for path, kind in kinds.items()
        if kind in HOLDS_DATA
    ]


def packed_instead(folder: Path) -> Fault | None:
    """Return the fault of a packed file or a document that lies where a folder should be, or beside it."""
    names = [folder, *(folder.with_name(folder.name + ending) for ending in KINDS_BY_NAME)]
    for path in names:
        kind = kind_by_name(path.name)
        if kind and path.is_file():
            found = f"no such folder, but {quoted(path.name)}, {kind}"
            return Fault(folder.name, found, "the folder of the transfer", remedy_for(kind))
    return None

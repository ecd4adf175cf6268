"""The proof of a blind: a transfer read again under other allocations, and without any, gives the same bytes.

All that a blinded report is made of is what `cutbook.data.transfer.checked.read_cut_transfer` returns; no kernel, no
statistic and no display sees anything else. What does not change there changes nowhere.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pandas as pd

from cutbook.data.proving.allocations import random_allocations, restricted_part
from cutbook.data.transfer.checked import read_cut_transfer
from cutbook.data.transfer.files import list_files, sha256_of
from cutbook.data.transfer.manifest import ListedFile, Manifest, manifest_text
from cutbook.data.transfer.sources import Transfer
from cutbook.errors import BlindingError, DataError, Fault, ParameterError
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import RESTRICTED_MANIFEST, Project, read_cut, transfer_folder
from cutbook.parameters.study import Study
from cutbook.parameters.study.blinding.masked import study_for
from cutbook.parameters.study.blinding.policy import Blinding
from cutbook.published.manifest import Certificate


def prove_blind(
    project: Project, study: Study, cut: CutParameters, work: Path, *, is_unverified_allowed: bool
) -> Certificate:
    """Return the certificate of a blinded cut after reading its transfer, and that of its previous cut, many times.

    Each reading is of a copy of the open part beside a restricted part that is made up: arms, treatments and doses by a
    random allocation within the cohorts, and concentrations and results of those on the drug alone. The restricted part
    that was sent is not opened. A previous cut that cannot be read is in no report, and so not in the proof.

    Parameters
    ----------
    project, study, cut : Project, Study, CutParameters
        Which cut; the study file as it is written.
    work : Path
        Folder to make for the copies; it is removed again.
    is_unverified_allowed : bool
        Accept a transfer without a manifest.

    Raises
    ------
    BlindingError
        A reading gives anything else: the class does not hold. The message says nothing of what.
    """
    study_for(study, cut.audience)
    if study.blinding is None or study.sources.restricted is None:
        raise ValueError("a study without a blind has none to prove")
    digests, readings = [], 0
    try:
        for own in (cut, *_previous(project, study, cut)):
            read = partial(read_cut_transfer, project, study, own, is_unverified_allowed=is_unverified_allowed)
            try:
                first = read()
            except (DataError, BlindingError, OSError):
                if own is cut:
                    raise
                continue
            digests.append(digest_of(first))
            again = _Copy(project, study, own, work / own.cut_id)
            readings += 1 + _read_again(again, first, study.blinding, is_unverified_allowed=is_unverified_allowed)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    whole = digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    return Certificate(allocations=study.blinding.allocations, readings=readings, sha256=whole)


def _previous(project: Project, study: Study, cut: CutParameters) -> list[CutParameters]:
    """Return the previous cut, read in the class of the cut, where it is made from another transfer."""
    try:
        previous = read_cut(project, study.id, cut.previous_cut) if cut.previous_cut else None
    except ParameterError:
        return []
    if previous is None or previous.transfer == cut.transfer:
        return []
    return [previous.model_copy(update={"audience": cut.audience})]


def _read_again(copy: _Copy, first: Transfer, blinding: Blinding, *, is_unverified_allowed: bool) -> int:
    """Return how often a transfer was read again, each time with what the first reading gave."""
    expected, codes = digest_of(first), {cohort.code for cohort in blinding.cohorts}
    dm = first.datasets.get("dm", pd.DataFrame(columns=["USUBJID", "ARMCD"]))
    known = {name: code for name, code in zip(dm["USUBJID"], dm["ARMCD"], strict=True) if code in codes}
    seed = int.from_bytes(hashlib.sha256(f"{copy.study.id}/{copy.cut.transfer}".encode()).digest()[:8])
    readings = 0
    for allocation in (None, *random_allocations(known, blinding, seed)):
        part = None if allocation is None else restricted_part(first.datasets, allocation, copy.study)
        if digest_of(copy.read(part, first.extracted, is_unverified_allowed=is_unverified_allowed)) != expected:
            found = "data that depend on who got what"
            remedy = "no blinded report can be made: tell those who keep the allocation"
            raise BlindingError(
                Fault(f"blind of cut {copy.cut.cut_id}", found, "the same under every allocation", remedy)
            )
        readings += 1
    return readings


def digest_of(transfer: Transfer) -> str:
    """Return the SHA-256 of all that a run takes from a transfer: values, types, order, files, findings, dates."""
    digest = hashlib.sha256()
    frames: Mapping[str, pd.DataFrame] = {
        **transfer.datasets,
        "received": transfer.received,
        "oddities": transfer.oddities,
    }
    for name, frame in sorted(frames.items()):
        types = [f"{column} {kind}" for column, kind in frame.dtypes.items()]
        digest.update("\n".join([name, *types]).encode())
        digest.update(pd.util.hash_pandas_object(frame.astype("object").fillna("\0")).to_numpy().tobytes())
    stated = (transfer.extracted, transfer.is_verified, transfer.copies, sorted(transfer.labels.items()))
    digest.update(repr(stated).encode())
    return digest.hexdigest()


class _Copy:
    """A copy of the open part of a transfer, beside which other restricted parts are put."""

    def __init__(self, project: Project, study: Study, cut: CutParameters, work: Path) -> None:
        rules = study.sources.restricted
        if rules is None:
            raise ValueError("a study of which nothing is restricted")
        folder = transfer_folder(project, study, cut)
        self._project, self.cut = project, cut
        self._opened = work / "open" / cut.transfer
        for path in list_files(folder):
            if rules.root or path.split("/")[0] != rules.folder:
                _copy(folder / path, self._opened / path)
        self._apart = work / "apart" / cut.transfer if rules.root else self._opened / rules.folder
        moved = {"root": str(work / "apart")} if rules.root else {}
        sources = {"root": str(work / "open"), "restricted": rules.model_copy(update=moved)}
        self.study = study.model_copy(update={"sources": study.sources.model_copy(update=sources)})

    def read(self, part: Mapping[str, pd.DataFrame] | None, extracted: str, *, is_unverified_allowed: bool) -> Transfer:
        """Return the transfer beside a restricted part, or with None beside none at all."""
        shutil.rmtree(self._apart, ignore_errors=True)
        if part is not None:
            self._write(part, extracted)
        return read_cut_transfer(self._project, self.study, self.cut, is_unverified_allowed=is_unverified_allowed)

    def _write(self, part: Mapping[str, pd.DataFrame], extracted: str) -> None:
        self._apart.mkdir(mode=0o700, parents=True)
        listed = []
        for name, frame in sorted(part.items()):
            file = self._apart / f"{name}.parquet"
            frame.to_parquet(file)
            listed.append(ListedFile(path=file.name, dataset=name, sha256=sha256_of(file), rows=len(frame)))
        manifest = Manifest(
            format="cutbook-transfer-1",
            study=self.study.id,
            transfer=self.cut.transfer,
            extracted=extracted or "2000-01-01",
            is_synthetic=self.study.is_synthetic,
            files=tuple(listed),
        )
        (self._apart / RESTRICTED_MANIFEST).write_text(manifest_text(manifest), encoding="utf-8")


def _copy(file: Path, to: Path) -> None:
    """Put a file there too: the same one where the file system can, else a copy."""
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.link(file, to)
    except OSError:
        shutil.copyfile(file, to)

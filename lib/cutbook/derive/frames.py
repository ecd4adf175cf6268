"""The derived datasets of one data cut, each derived when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import pandas as pd

from cutbook.derive.concentrations.adpc import derive_adpc
from cutbook.derive.endpoints.adeff import derive_adeff
from cutbook.derive.events.adae import derive_adae
from cutbook.derive.measurements.adfindings import COLUMNS, derive_findings
from cutbook.derive.participants.adsl import derive_adsl
from cutbook.derive.records import Datasets
from cutbook.parameters.study import Findings, Study


class Frames:
    """The derived datasets of a cut.

    Parameters
    ----------
    datasets : mapping of str to frame
        The staged datasets.
    study : Study
        The study file.
    cutoff : str
        Cut-off date, ISO 8601.
    staged : mapping of str to frame
        Tables about the data beside them, as `cutbook.data.staging.staged.StagedCut` has them: received, issues, audit,
        removed, modified, kept, past.
    is_verified : bool
        The transfer came with a manifest.

    Attributes
    ----------
    adsl, adae, adpc, adeff : frame
        As `derive_adsl`, `derive_adae`, `derive_adpc` and `derive_adeff` return them.
    adlb, advs, adeg : frame
        The families of findings that the study file draws from LB, VS and EG, one below the other, as
        `derive_findings` returns them; PARAMCD and PARAM carry the family before them (``csf-WBC``), because cells in
        blood and in cerebrospinal fluid share a code. Without rows when the dataset was not delivered.
    """

    def __init__(
        self,
        datasets: Datasets,
        study: Study,
        cutoff: str,
        *,
        staged: Mapping[str, pd.DataFrame] | None = None,
        is_verified: bool = True,
    ) -> None:
        self._datasets, self._study, self._cutoff = datasets, study, cutoff
        self.staged = staged or {}
        self.is_verified = is_verified

    @cached_property
    def adsl(self) -> pd.DataFrame:
        """Participants."""
        return derive_adsl(self._datasets, self._study, self._cutoff)

    @cached_property
    def adae(self) -> pd.DataFrame:
        """Adverse events."""
        return derive_adae(self._datasets, self.adsl, self._study)

    @cached_property
    def adpc(self) -> pd.DataFrame:
        """Concentrations."""
        return derive_adpc(self._datasets, self.adsl, self._study)

    @cached_property
    def adeff(self) -> pd.DataFrame:
        """Endpoints by visit."""
        return derive_adeff(self._datasets, self.adsl, self._study)

    @cached_property
    def adlb(self) -> pd.DataFrame:
        """Laboratory results by visit."""
        return self._families("lb")

    @cached_property
    def advs(self) -> pd.DataFrame:
        """Vital signs by visit."""
        return self._families("vs")

    @cached_property
    def adeg(self) -> pd.DataFrame:
        """Electrocardiograms by visit."""
        return self._families("eg")

    def _families(self, dataset: str) -> pd.DataFrame:
        is_there = dataset in self._datasets or f"ad{dataset}" in self._datasets
        families = [item for item in self._study.findings if item.dataset == dataset and is_there]
        frames = [_of_family(derive_findings(self._datasets, self.adsl, item, self._study), item) for item in families]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(COLUMNS))


def _of_family(bds: pd.DataFrame, family: Findings) -> pd.DataFrame:
    return bds.assign(PARAMCD=family.id + "-" + bds["PARAMCD"], PARAM=family.label + ": " + bds["PARAM"])

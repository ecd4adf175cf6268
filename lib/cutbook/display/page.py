"""What every display says about where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from cutbook.data.staged import StagedCut


@dataclass(frozen=True)
class Page:
    """The report that a display stands in: its name and its staged cut."""

    report: str
    cut: StagedCut

    def source(self, *datasets: str) -> str:
        """Return the source line: datasets, the three dates of the data, and the results file."""
        stamps, cut = self.cut.stamps, self.cut.cut
        parts = [
            f"Source: {', '.join(datasets)}",
            f"data cut {cut.cut_id}, {cut.cutoff_date}",
            f"extracted {stamps['extracted'] or 'on a date not stated'}",
            f"rendered {stamps['rendered']}",
            f"{self.report}.results.parquet",
        ]
        return " · ".join([*parts, *(["synthetic data"] if self.cut.study.is_synthetic else [])])

    def population(self, name: str, size: float | None = None) -> str:
        """Return the population line: its name, its definition and how many participants it has."""
        texts = {
            "All": "All participants in the data",
            "Randomised": "All randomised participants, by planned arm",
            "Safety": self.cut.study.populations.safety_text,
            "PK": self.cut.study.populations.pk_text,
            "EFFFL": self.cut.study.populations.efficacy_text,
            "SAFFL": self.cut.study.populations.safety_text,
            "RANDFL": "All randomised participants",
        }
        text = texts.get(name, name)
        return text if size is None else f"{text}. N = {size:.0f}."

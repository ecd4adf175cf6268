"""The certificate of a blind: what was tried, and what came of it each time."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Certificate(BaseModel):
    """That a blind was proven.

    Attributes
    ----------
    allocations : int
        Random allocations that were tried, each with its complement.
    readings : int
        How often the transfer was read, all told.
    sha256 : str
        Of what every reading gave.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    allocations: int
    readings: int
    sha256: str

    @property
    def as_text(self) -> str:
        """Return it as a staged cut holds it."""
        return self.model_dump_json()

    @property
    def words(self) -> str:
        """Return what reports say of it."""
        return (
            f"the data behind this report were read {self.readings} times, under {self.allocations} random allocations "
            "within the cohorts, the complement of each, and without any; each time they were the same, SHA-256 "
            f"{self.sha256[:12]}…"
        )


def certificate_of(text: str) -> Certificate | None:
    """Return the certificate that a staged cut holds; None where it holds none."""
    return Certificate.model_validate_json(text) if text else None

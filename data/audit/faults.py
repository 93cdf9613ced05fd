"""Findings of a verification."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was written: where in the chain, which case and version, and how it shows.

    `columns`: of `cases`, when it is the row of the case that differs.
    """

    prefecture: str
    seq: int
    case_no: str
    version: int
    what: str
    columns: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        parts = [self.prefecture, f"event {self.seq}" if self.seq else "", self.case_no]
        parts.append(f"version {self.version}" if self.version else "")
        return " ".join(part for part in parts if part)

    def __str__(self) -> str:
        return f"{self.where}: {', '.join(self.columns)}{' ' if self.columns else ''}{self.what}"

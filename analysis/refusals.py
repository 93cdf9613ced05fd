"""What a statistic says instead of a number that nobody should rely on."""

from __future__ import annotations


class TooLittle(ValueError):
    """`code` names what there is too little of: `periods`, `units`, `treated`, `cases`, `days`."""

    def __init__(self, code: str, there: int, needed: int) -> None:
        super().__init__(f"{code}: {there}, of {needed} needed")
        self.code, self.there, self.needed = code, there, needed


def at_least(code: str, there: int, needed: int) -> None:
    if there < needed:
        raise TooLittle(code, there, needed)

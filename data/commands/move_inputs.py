"""Inputs of a move: the organisations and cases that a request names, looked up in its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from data.commands.case_transaction import CaseTransaction
from data.queries import cases, organisations
from rules.checks import loops
from rules.errors import Problem
from rules.facts import CaseFacts, MoveInputs, MoveRequest, OrganisationFacts
from rules.moves import MOVES, Actor, Holder
from rules.numbers import MAX_INT
from rules.ranking import rank


def look_up(transaction: CaseTransaction, request: MoveRequest, row: Mapping[Any, Any], case: CaseFacts) -> MoveInputs:
    """The inputs of a move of this case. Raises Problem invalid (to, into)."""
    connection, move = transaction.connection, MOVES[request.move]
    inputs = MoveInputs(**request.details())
    if request.to is not None:
        if not 0 < request.to <= MAX_INT:
            raise _unknown(request.to)
        chosen = _compared if move.holder == Holder.to else _named
        inputs = chosen(transaction, inputs, request.to, row, case)
    if move.holder in (Holder.above, Holder.sender) or (inputs.to is not None and loops(case, inputs.to)):
        routes = case.sender_path if move.holder == Holder.sender and case.sender_path else case.centre_path
        inputs = replace(inputs, above=organisations.centre_above(connection, routes))
    if move.actor == Actor.settler:
        inputs = replace(inputs, settlement=cases.last_settlement(connection, row))
    if "into" in move.needs and request.into is not None:
        inputs = replace(inputs, into=_case(connection, request.into))
    return inputs


def _named(
    transaction: CaseTransaction, inputs: MoveInputs, to: int, row: Mapping[Any, Any], case: CaseFacts
) -> MoveInputs:
    found = organisations.by_id(transaction.connection, to)
    return replace(inputs, to=_of_prefecture(found and found[0], to, row))


def _compared(
    transaction: CaseTransaction, inputs: MoveInputs, to: int, row: Mapping[Any, Any], case: CaseFacts
) -> MoveInputs:
    """With the organisation's rank in the recommendation at this moment: kept with the choice."""
    named = organisations.candidates(transaction.connection, row, now=transaction.now, also=to)
    candidates = [organisation for organisation, _ in named]
    found = next((organisation for organisation in candidates if organisation.id == to), None)
    ranked = {one.organisation_id: one.rank for one in rank(case, candidates)}
    return replace(inputs, to=_of_prefecture(found, to, row), rank=ranked.get(to), recommended=next(iter(ranked), None))


def _of_prefecture(found: OrganisationFacts | None, to: int, row: Mapping[Any, Any]) -> OrganisationFacts:
    """Another prefecture's organisation is as unknown as none."""
    if found is None or not found.path.startswith(row["prefecture"] + "/"):
        raise _unknown(to)
    return found


def _unknown(to: int) -> Problem:
    return Problem("invalid", field="to", value=str(to))


def _case(connection: Connection, case_no: str) -> CaseFacts:
    try:
        return cases.facts(cases.row(connection, case_no))
    except Problem:
        raise Problem("invalid", field="into", value=case_no[:40]) from None

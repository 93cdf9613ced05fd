"""A client generated from the document of the API: whatever it sends, it gets an answer that the document names."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.integration.web.conftest import Site
from tests.steps.api import report, waiting
from tests.steps.live import login

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
#: A stream never ends, and these would end the session of the test.
LEFT_OUT = ("/api/live", "/api/logout", "/api/session")
QUICK = settings(
    max_examples=10, suppress_health_check=list(HealthCheck), database=None, derandomize=True
)


def test_a_generated_client_is_never_met_by_surprise(site: Site, address: str):
    person = login(address, "dispatcher")
    client = site.client("dispatcher")
    waiting(site, client)
    report(site, client)
    document = client.get("/api/openapi.json").json()
    document["paths"] = {path: item for path, item in document["paths"].items() if path not in LEFT_OUT}
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=address)
    headers = {
        "X-CSRF-Token": person.headers["X-CSRF-Token"],
        "Cookie": f"gridboard_session={person.cookies['gridboard_session']}",
    }
    asked = 0
    for operation in schema.get_all_operations():

        @QUICK
        @given(case=operation.ok().as_strategy())
        def ask(case):
            case.call_and_validate(headers=headers, checks=CHECKS)

        ask()
        asked += 1
    assert asked >= 15

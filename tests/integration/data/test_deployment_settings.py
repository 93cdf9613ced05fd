"""What nobody has set follows the deployment's data; what somebody has set stays."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from data.deployment_settings import of_deployment
from data.queries import deployment
from data.sla_settings import sla_policy
from imports import deployment as described
from imports.mapping import make_mapping
from settings import ClockSettings, DeploymentSettings, Settings
from tests.world import World

NEW_YEAR_IN_CHINA = date(2026, 2, 17)
INDEPENDENCE = date(2026, 7, 3)


def describe(world: World, **said) -> None:
    with world.database.owning() as connection:
        described.describe(connection, make_mapping({"deployment": said}), root="C", timezone="Asia/Shanghai", locale="en")


def days_off(world: World, **clocks) -> frozenset[date]:
    settings = of_deployment(Settings(deployment=DeploymentSettings(), clocks=ClockSettings(**clocks)), world.database)
    return frozenset(sla_policy(settings).calendar.days_off)


@pytest.mark.parametrize(
    ("said", "chinese", "american"),
    [
        ({}, True, False),
        ({"timezone": "America/Los_Angeles"}, False, False),
        ({"timezone": "America/Los_Angeles", "calendar": "US"}, False, True),
        ({"calendar": "none"}, False, False),
    ],
)
def test_holidays_are_those_of_the_deployment(world: World, said: dict, chinese: bool, american: bool) -> None:
    describe(world, **said)
    off = days_off(world)
    assert (NEW_YEAR_IN_CHINA in off, INDEPENDENCE in off) == (chinese, american)


def test_a_setting_wins(world: World) -> None:
    describe(world, timezone="America/Los_Angeles", calendar="US")
    assert NEW_YEAR_IN_CHINA in days_off(world, GRIDBOARD_CALENDAR="CN")
    settings = Settings(deployment=DeploymentSettings(timezone="Europe/Berlin"))
    assert of_deployment(settings, world.database).deployment.timezone == "Europe/Berlin"
    assert of_deployment(Settings(deployment=DeploymentSettings()), world.database).deployment.timezone == "America/Los_Angeles"


def test_words_sources_and_needs_are_read_back(world: World) -> None:
    describe(world, words={"stage.4": {"en": "Clean up"}}, sources=["inspection", "resident"])
    with world.database.owning() as connection:
        connection.execute(text("UPDATE organisation SET skills = '{welding,law}' WHERE code = 'fire-C'"))
    with world.database.reading(world.viewers["dispatcher"]) as connection:
        assert deployment.own_words(connection) == {"stage.4": {"en": "Clean up"}}
        assert deployment.sources(connection) == ("inspection", "resident")
        assert deployment.needs(connection) == ("law", "welding")
    describe(world)
    with world.database.reading(world.viewers["dispatcher"]) as connection:
        assert deployment.own_words(connection) == {"stage.4": {"en": "Clean up"}}, "what a mapping does not say stays"

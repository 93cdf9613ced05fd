"""What a program may report: every category by code, and each of them is taken in a report."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.integration.web.conftest import Site


@pytest.fixture(autouse=True)
def another_kind(site: Site) -> None:
    with site.world.database.owning() as connection:
        connection.execute(
            text(
                "INSERT INTO category (code, kind, names, plain_names, ord) VALUES ('pothole', 'request',"
                """ '{"zh_CN": "道路修缮", "en": "Road repair"}', '{"en": "Holes in the road"}', 9)"""
            )
        )


@pytest.mark.parametrize("role", ["handler", "dispatcher", "leader", "admin", "auditor"])
def test_everybody_who_is_in_may_know_the_categories(site: Site, role: str):
    answer = site.client(role).get("/api/categories")
    assert answer.status_code == 200
    listed = answer.json()
    assert listed["total"] == len(listed["items"]) and listed["next_cursor"] is None
    with site.world.database.owning() as connection:
        known = connection.execute(text("SELECT code, kind FROM category")).all()
    assert sorted((item["code"], item["kind"]) for item in listed["items"]) == sorted(map(tuple, known))


def test_a_stranger_is_told_nothing(site: Site):
    assert site.client().get("/api/categories").status_code == 401


@pytest.mark.parametrize(
    ("locale", "name", "plain"), [("zh_CN", "道路修缮", "道路修缮"), ("en", "Road repair", "Holes in the road")]
)
def test_names_are_in_the_readers_language_and_in_residents_words(site: Site, locale: str, name: str, plain: str):
    with site.world.database.owning() as connection:
        connection.execute(text("UPDATE app_user SET locale = :locale"), {"locale": locale})
    listed = site.client("dispatcher").get("/api/categories").json()["items"]
    [seen] = [item for item in listed if item["code"] == "pothole"]
    assert (seen["name"], seen["plain_name"]) == (name, plain)


def test_each_category_can_be_reported_and_the_document_names_the_list(site: Site):
    client = site.client("dispatcher")
    for item in client.get("/api/categories").json()["items"]:
        form = {"kind": item["kind"], "category": item["code"], "title": item["name"], "area": "C1"}
        assert client.post("/api/cases", json=form).status_code == 201, item
    assert [item["code"] for item in client.get("/api/categories?kind=request").json()["items"]] == ["pothole"]
    assert client.get("/api/categories?kind=nothing").status_code == 422
    document = client.get("/api/openapi.json").json()
    shape = document["components"]["schemas"]["Category"]["properties"]
    assert {"code", "kind", "name", "plain_name"} <= set(shape)
    assert "/api/categories" in document["paths"]


def test_a_category_says_how_it_is_spelt(site: Site):
    listed = site.client("dispatcher").get("/api/categories").json()["items"]
    [road] = [item for item in listed if item["code"] == "pothole"]
    assert {"daoluxiushan", "dlxs"} <= set(road["letters"].split())

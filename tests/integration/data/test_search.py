"""The words that the database keeps for the search: in step with the cases and names whoever writes them, for nobody to read."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from data.database import Database
from data.pinyin import spell_names
from data.queries import search
from rules import search_words
from rules.access import Viewer
from tests.steps.commands import move, report, waiting
from tests.world import World

TEXTS = (
    "QS-2024-007", "North Beach, 1000 block of VALLEJO St.", "３号楼\u200b渗水，噪音扰民", "Ünïcode ÀÉ ﬁne",
    "кошка Ёлка", "ひらがな カタカナー",
    "𠮷野家 々〇", "a'b O’Farrell", "ᦎᦷᦑᧂ", "ภาษาไทย", "  ", "％＿＼", "x" * 200, "井",
)  # fmt: skip


def numbers(world: World, words: str, by: str = "dispatcher", near: str = "") -> list[str]:
    return [hit["case_no"] for hit in hits(world.database, world.viewers[by], words, near) if hit["type"] == "case"]


def hits(database: Database, viewer: Viewer, words: str, near: str = "") -> list[dict]:
    with database.reading(viewer) as connection:
        return search.find(connection, words, viewer, near=near, limit=20)


def areas(world: World, words: str) -> list[str]:
    return [hit["code"] for hit in hits(world.database, world.viewers["dispatcher"], words) if hit["type"] == "area"]


@pytest.mark.parametrize("words", TEXTS)
def test_python_and_the_database_cut_alike(world, words: str):
    with world.database.owning() as connection:
        row = connection.execute(
            text("SELECT search_folded(:w) AS folded, search_letters(:w) AS letters"), {"w": words}
        ).one()
        assert row.folded == search_words.folded(words)
        assert row.letters == search_words.letters(words)
        for query in search_words.wanted(words).queries:
            assert connection.execute(
                text("SELECT search_vector(:w) @@ CAST(:q AS tsquery)"), {"w": words, "q": query}
            ).scalar(), query


def test_a_case_is_found_as_soon_as_it_is_reported_and_after_each_move(world):
    case = report(world, title="楼上漏水 夜间噪音")
    for words in ("漏水", "噪音 漏水", "夜间噪音", "噪"):
        assert numbers(world, words) == ([case["case_no"]] if len(words) > 1 else []), words
    case = move(world, move(world, case, "accept"), "assess")
    assert numbers(world, "漏水") == [case["case_no"]]


def test_the_place_is_a_word_of_a_case(world):
    with world.database.owning() as connection:
        connection.execute(text("UPDATE area SET name = '嘎洒街道', names = '{\"en\": \"North Beach\"}' WHERE code = 'C1V1'"))
        spell_names(connection)
    inside = report(world, title="Noise on VALLEJO St")["case_no"]
    outside = report(world, title="Noise on Vallejo St", at="C2V1G1")["case_no"]
    assert set(numbers(world, "vallejo")) == {inside, outside}
    for words in ("North Beach Vallejo", "vallejo beach", "嘎洒 vallejo", "gasa noise", "gsjd vallej"):
        assert numbers(world, words) == [inside], words
    # not everything that lies there
    assert numbers(world, "north beach") == []


@pytest.mark.parametrize(
    "typed",
    ["QS-2024-007", "qs-2024-007", "ＱＳ２０２４００７", "qs2024007", "2024-007", "24007", "QS-2024", "007", "Qs\u200b-2024-007"],
)
def test_a_number_is_found_in_every_way_of_writing_it(world, typed: str):
    case_no = waiting(world)["case_no"]
    with world.database.owning() as connection:
        for table in ("case_event", "case_notice", "case_mark", "case_seal"):
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text("UPDATE cases SET case_no = 'QS-2024-007' WHERE case_no = :no"), {"no": case_no})
    assert numbers(world, typed) == ["QS-2024-007"]


def test_the_index_follows_whatever_changes_a_case(world):
    case_no = report(world, title="电梯故障")["case_no"]
    with world.database.owning() as connection:
        connection.execute(text("UPDATE cases SET title = '路灯不亮' WHERE case_no = :no"), {"no": case_no})
    assert (numbers(world, "电梯"), numbers(world, "路灯")) == ([], [case_no])
    with world.database.owning() as connection:
        connection.execute(text("SELECT rebuild_search('C')"))
        kept = connection.execute(text("SELECT words::text, tail FROM case_search")).all()
    assert numbers(world, "路灯") == [case_no]
    with world.database.owning() as connection:
        connection.execute(
            text("UPDATE cases c SET area_id = a.id, path = a.path FROM area a WHERE a.code = 'C2V1G1' AND case_no = :no"),
            {"no": case_no},
        )
        moved = connection.execute(text("SELECT words::text, tail FROM case_search")).all()
    assert kept != moved
    assert numbers(world, "路灯", by="dispatcher.c2") == [case_no]
    assert numbers(world, "路灯", by="dispatcher.c1") == []


def test_each_finds_what_it_may_see(world):
    here, there = (report(world, title="漏水", at=area)["case_no"] for area in ("C1V1G1", "C2V1G1"))
    assert set(numbers(world, "漏水")) == set(numbers(world, "漏水", by="leader")) == {here, there}
    assert numbers(world, "漏水", by="dispatcher.c1") == [here]
    assert numbers(world, "漏水", by="dispatcher.c2") == [there]
    for nobody in ("auditor", "admin", "handler", "handler.fire"):
        assert numbers(world, "漏水", by=nobody) == [], nobody
        assert numbers(world, here, by=nobody) == [], nobody
    assert numbers(world, there, by="dispatcher.c1") == []


def test_a_handler_finds_the_cases_of_its_body_also_those_it_gave_up(world):
    held, other = waiting(world), waiting(world)
    held = move(world, held, "dispatch", to=world.organisations["justice-C1"])
    assert numbers(world, held["case_no"], by="handler") == [held["case_no"]]
    assert numbers(world, other["case_no"], by="handler") == []
    held = move(world, held, "return", by="handler", reason="不属于本单位")
    assert numbers(world, held["case_no"], by="handler") == [held["case_no"]]


def test_cases_of_the_area_on_the_screen_come_first(world):
    near = report(world, title="漏水", at="C2V1G1")["case_no"]
    later = [report(world, title="漏水", at="C1V1G1")["case_no"] for _ in range(3)]
    assert numbers(world, "漏水", near="C2")[0] == near
    assert set(numbers(world, "漏水", near="C2")) == {near, *later}


def test_bodies_and_places_are_found_within_the_area_of_who_looks(world):
    def bodies(words: str, by: str) -> list[str]:
        return [hit["title"] for hit in hits(world.database, world.viewers[by], words) if hit["type"] == "organisation"]

    assert bodies("justice", "leader") == ["justice-C1"]
    assert bodies("justice", "dispatcher.c1") == ["justice-C1"]
    assert bodies("justice", "dispatcher.c2") == []
    assert bodies("mediators", "dispatcher.c1") == []
    with world.database.owning() as connection:
        connection.execute(text("UPDATE organisation SET active = false WHERE code = 'justice-C1'"))
    assert bodies("justice", "leader") == []


def test_a_renamed_area_is_spelt_anew(world):
    with world.database.owning() as connection:
        spell_names(connection)
        connection.execute(text("UPDATE area SET name = '浚县', short_name = '浚县' WHERE code = 'C1'"))
        assert connection.execute(text("SELECT pinyin FROM area WHERE code = 'C1'")).scalar() is None
        assert spell_names(connection) == 1
        assert spell_names(connection) == 0
    for words in ("xun", "xunxian", "XX", "jun", "浚", "浚县", "Ｘｕｎ"):
        assert areas(world, words)[0] == "C1", words


def test_the_name_itself_comes_before_what_begins_with_it(world):
    assert areas(world, "C1V1")[0] == "C1V1"
    assert areas(world, "c1v1g2")[0] == "C1V1G2"


def test_nobody_reads_the_index_itself(world):
    report(world)
    with world.database.reading(world.viewers["dispatcher"]) as connection, pytest.raises(ProgrammingError):
        connection.execute(text("SELECT * FROM case_search"))
    with world.database.reading(world.viewers["admin"]) as connection:
        found = connection.execute(text("SELECT * FROM search_cases('C', ARRAY['''噪音''']::tsquery[], '', '', 10)")).all()
    assert found == []

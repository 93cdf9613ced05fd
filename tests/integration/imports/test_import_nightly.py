"""An invented city whose exports come every night: a week of them, and each kind of change by itself."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from shapely import box
from shapely.geometry import mapping as geojson_of
from sqlalchemy import text

from data.audit import trace
from data.commands.cases import move_case
from data.commands.reports import CaseReport, report_case
from data.database import SYSTEM
from data.queries import cases
from imports import ImportRefused, InputError, import_areas, import_cases, import_organisations
from imports.mapping import make_mapping
from rules.access import Role, Viewer
from rules.facts import MoveRequest
from rules.replay import differences, replay
from rules.sla import SlaPolicy

SAMPLES = Path(__file__).parents[2] / "data/import_faults"
ZONE = ZoneInfo("Europe/Berlin")
NIGHT = [datetime(2026, 5, day, 2, tzinfo=ZONE) for day in range(4, 12)]
SLA = SlaPolicy()
MAPPING = make_mapping(
    {
        "deployment": {"name": "Linden", "timezone": "Europe/Berlin"},
        "categories": [
            {"code": "noise", "kind": "dispute", "names": "Lärm"},
            {"code": "tree", "kind": "hazard", "names": "Baum"},
        ],
        "cases": {
            "feed": "desk",
            "fields": {
                "case_no": {"column": "id", "prefix": "L-"},
                "category": "sort",
                "title": "what",
                "description": "more",
                "reported_at": "came",
                "signed_at": "took",
                "settled_at": "done",
                "closed_at": "filed",
                "due_at": "until",
                "organisation": "who",
                "status": {"column": "state", "values": {"new": "waiting", "busy": "handling", "void": "rejected"}},
                "lon": "x",
                "lat": "y",
            },
        },
    }
)
HEADINGS = ("id", "sort", "what", "more", "came", "took", "done", "filed", "until", "who", "state", "x", "y")
DISPATCHER = Viewer(
    user_id=None, username="d", role=Role.dispatcher, area_code="L", scope_path="L/", organisation_id=None,
    organisation_path=None, prefecture="L", locale="en",
)  # fmt: skip


@pytest.fixture
def city(database, tmp_path):
    squares = [("L", None, 9, 50, 11, 52), ("L1", "L", 9, 50, 10, 52), ("L2", "L", 10, 50, 11, 52)]
    squares += [(f"L{n}{m}", f"L{n}", 8 + n, 49 + m, 9 + n, 50 + m) for n in (1, 2) for m in (1, 2)]
    found = [
        {"type": "Feature", "properties": {"code": code, "parent": parent}, "geometry": geojson_of(box(*bounds))}
        for code, parent, *bounds in squares
    ]
    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": found}), "utf-8")
    import_areas(database, [file], MAPPING)
    bodies = tmp_path / "bodies.csv"
    bodies.write_text("code,name,duties\nR1,Gardens,tree\nR2,Order,noise;tree\n", "utf-8")
    import_organisations(database, [bodies], MAPPING)
    return database


def row(number, **values):
    return {"id": number, "sort": "noise", "what": f"Case {number}", "came": "2026-05-01 08:00", "x": 9.5, "y": 50.5} | values


def export(tmp_path, rows, name="night.csv", headings=HEADINGS):
    path = tmp_path / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headings, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def tonight(database, tmp_path, rows, night, **options):
    report = import_cases(
        database, [export(tmp_path, rows)], MAPPING, now=NIGHT[night], **({"update": True} | options)
    )
    assert_whole(database)
    return report


def assert_whole(database):
    """The trace verifies, each case is what its trace tells, and the counts are those of a recount."""
    with database.owning() as connection:
        assert [fault for fault in trace.verify(connection) if not isinstance(fault, int)] == []
        for number in connection.execute(text("SELECT case_no FROM cases")).scalars().all():
            facts = cases.facts(cases.row(connection, number))
            events = cases.events(connection, number)
            rows = [
                event | {f"{way}_organisation_id": (event[f"{way}_organisation"] or {}).get("id") for way in ("from", "to")}
                | {"by_organisation_id": event["by"]["organisation_id"]}
                for event in events
            ]  # fmt: skip
            told = replay(rows, kind=facts.kind, severity=facts.severity, sla=SLA)
            assert set(differences(told, facts)) <= {"settle_due_at"}, number
        before = counts(connection)
        connection.execute(text("SELECT rebuild_rollups('L')"))
        assert counts(connection) == before
        gone = "SELECT count(*) FROM cases WHERE path <> (SELECT path FROM area WHERE id = area_id)"
        assert connection.execute(text(gone)).scalar() == 0


def counts(connection):
    return {
        table: sorted(map(tuple, connection.execute(text(f"SELECT * FROM {table}"))), key=str)
        for table in ("area_count", "area_month", "area_day", "body_day")
    }


def case(database, number):
    with database.reading(SYSTEM) as connection:
        statement = (
            "SELECT c.*, h.code AS holder, a.code AS area FROM cases c JOIN organisation h ON h.id = c.holder_id"
            " JOIN area a ON a.id = c.area_id WHERE c.case_no = :number"
        )
        return connection.execute(text(statement), {"number": number}).one()


def acts(database, number):
    with database.reading(SYSTEM) as connection:
        return cases.events(connection, number)


def moves(database, number):
    return [act["act"] for act in acts(database, number)]


def touch(database, number, move, now, **given):
    request = MoveRequest(case_no=number, move=move, version=case(database, number).version, **given)
    return move_case(database, request, viewer=DISPATCHER, now=now)


def found(report, kind):
    return [one["case_no"] for one in report.findings.get(kind, ())]


def berlin(moment):
    return datetime.fromisoformat(moment).replace(tzinfo=ZONE)


def test_a_week_of_nights(city, tmp_path):
    rows = {n: row(n) for n in range(1, 9)} | {9: row(9, sort="tree", who="R1", took="2026-05-02 09:00", until="2026-05-20")}
    first = tonight(city, tmp_path, rows.values(), 0)
    assert (first.imported, first.updated, first.unchanged, first.read) == (9, 0, 0, 9)

    # the same again
    same = tonight(city, tmp_path, rows.values(), 1)
    assert (same.imported, same.updated, same.unchanged) == (0, 0, 9)
    assert not same.findings
    assert not same.changed

    # new, reworded, settled, closed, given to a body; and one that a dispatcher here has taken up
    touch(city, "L-8", "dispatch", NIGHT[1] + timedelta(hours=8), to=organisation(city, "R2"))
    rows[10] = row(10, came="2026-05-05 10:00")
    rows[1] |= {"what": "Case 1, the loud one", "more": "every night", "sort": "tree"}
    rows[9] |= {"done": "2026-05-05 17:30"}
    rows[2] |= {"who": "R2", "done": "2026-05-05 11:00", "filed": "2026-05-05 12:00"}
    rows[3] |= {"who": "R1", "state": "busy", "until": "2026-05-30"}
    rows[8] |= {"what": "Reworded there", "filed": "2026-05-05 12:00"}
    report = tonight(city, tmp_path, rows.values(), 2)
    assert (report.imported, report.updated, report.unchanged, report.skipped.total(), report.read) == (1, 4, 4, 1, 10)
    assert report.changed == {"status": 3, "title": 1, "description": 1, "category": 1, "kind": 1, "due_at": 1}
    assert (found(report, "settled"), found(report, "closed"), found(report, "moved")) == (["L-9"], ["L-2"], ["L-3"])
    assert found(report, "changed") == ["L-1", "L-3"]
    assert report.findings["touched_here"] == [{"case_no": "L-8", "columns": ["title", "status"], "row": 9}]
    assert (case(city, "L-8").title, case(city, "L-8").status) == ("Case 8", "dispatched")
    assert (case(city, "L-1").title, case(city, "L-1").kind) == ("Case 1, the loud one", "hazard")
    assert (case(city, "L-2").status, case(city, "L-2").holder, case(city, "L-2").settled_at) == (
        "archived", "R2", berlin("2026-05-05 11:00"),
    )  # fmt: skip
    assert (case(city, "L-9").status, case(city, "L-9").due_at) == ("settled", None)
    assert case(city, "L-3").due_at == berlin("2026-05-30 23:59:59")
    assert moves(city, "L-3")[3:] == ["amend", "dispatch", "sign", "start"]

    # reopened, gone, filed, wrong rows that hide no case, and what was told as touched is told again
    rows[2] |= {"done": "", "filed": ""}
    rows[9] |= {"filed": "2026-05-06 09:00"}
    del rows[4]
    wrong = {5: row(5, came="yesterday", who="R9"), "": row("", came="")}
    report = tonight(city, tmp_path, (rows | wrong).values(), 3, skip_bad=True)
    assert (report.imported, report.updated, report.bad_n, report.read) == (0, 2, 2, 10)
    assert (found(report, "reopened"), found(report, "closed")) == (["L-2"], ["L-9"])
    assert report.findings["gone_from_the_file"] == [{"case_no": "L-4", "status": "waiting"}]
    assert found(report, "touched_here") == ["L-8"]
    assert sorted({(bad.row, bad.field) for bad in report.bad}) == [(5, "organisation"), (5, "reported_at"), (11, "reported_at")]
    assert (case(city, "L-2").status, case(city, "L-2").closed_at) == ("signed", None)
    assert case(city, "L-4").status == "waiting", "nothing is done about it"

    # back again, gone told once only, given to another body, moved to another place
    rows[5] |= {"x": 10.5, "y": 51.5}
    rows[3] |= {"who": "R2"}
    report = tonight(city, tmp_path, rows.values(), 4)
    assert "gone_from_the_file" not in report.findings
    assert (case(city, "L-3").holder, case(city, "L-3").status, case(city, "L-3").responsible_id) == (
        "R2", "handling", organisation(city, "R2"),
    )  # fmt: skip
    assert (case(city, "L-5").area, case(city, "L-5").lon, case(city, "L-5").path) == ("L22", 10.5, "L/L2/L22/")
    assert case(city, "L-5").centre_path == "L/L2/", "the centre of its new place has it"
    assert case(city, "L-5").holder == "centre-L2"

    # void there: closed here, whatever its way
    rows[6] |= {"state": "void", "filed": "2026-05-08 10:00"}
    rows[3] |= {"state": "void", "filed": "2026-05-08 11:00"}
    rows[4] = row(4)
    report = tonight(city, tmp_path, rows.values(), 5)
    assert sorted(found(report, "closed")) == ["L-3", "L-6"]
    assert found(report, "back_again") == ["L-4"]
    assert (case(city, "L-6").status, case(city, "L-6").closed_at) == ("rejected", berlin("2026-05-08 10:00"))
    assert moves(city, "L-6")[-1] == "withdraw"

    # by force, over what was done here
    report = tonight(city, tmp_path, rows.values(), 6, force=True)
    assert found(report, "closed") == ["L-8"]
    assert (case(city, "L-8").title, case(city, "L-8").status) == ("Reworded there", "archived")
    assert tonight(city, tmp_path, rows.values(), 7).unchanged == 10


def organisation(database, code):
    with database.reading(SYSTEM) as connection:
        return connection.execute(text("SELECT id FROM organisation WHERE code = :code"), {"code": code}).scalar_one()


def test_the_amendment_names_columns_and_no_words(city, tmp_path):
    tonight(city, tmp_path, [row(1)], 0)
    tonight(city, tmp_path, [row(1, what="Anna Weber shouts", more="at night")], 1)
    last = acts(city, "L-1")[-1]
    assert (last["act"], last["from_status"], last["to_status"], last["by"]["role"]) == ("amend", "waiting", "waiting", "system")
    assert last["details"]["changed"] == ["title", "description"]
    assert len(last["details"]["digest"]) == 64
    assert "Anna" not in json.dumps(last, default=str)


def test_times_that_no_file_tells_are_marked(city, tmp_path):
    tonight(city, tmp_path, [row(1), row(2, who="R1", took="2026-05-02 10:00", filed="2026-05-03 10:00")], 0)
    tonight(city, tmp_path, [row(1, who="R1", state="busy", took="2026-05-04 09:00")], 1)
    known = {act["act"]: not act["details"].get("time_unknown") for act in acts(city, "L-2")}
    assert known == {
        "report": True, "accept": False, "assess": False, "dispatch": False, "sign": True, "settle": False, "archive": True,
    }  # fmt: skip
    later = {act["act"]: (act["at"], act["details"].get("time_unknown", False)) for act in acts(city, "L-1")[3:]}
    assert later == {
        "dispatch": (berlin("2026-05-04 09:00"), True),
        "sign": (berlin("2026-05-04 09:00"), False),
        "start": (NIGHT[1], True),
    }
    assert all(act["details"]["imported"] for number in ("L-1", "L-2") for act in acts(city, number))


def test_corrected_times_of_a_closed_case(city, tmp_path):
    closed = row(1, who="R1", done="2026-05-02 10:00", filed="2026-05-03 10:00")
    tonight(city, tmp_path, [closed], 0)
    report = tonight(city, tmp_path, [closed | {"filed": "2026-05-03 18:00", "done": "2026-05-02 11:00"}], 1)
    assert report.changed == {"settled_at": 1, "closed_at": 1}
    assert (case(city, "L-1").settled_at, case(city, "L-1").closed_at) == (berlin("2026-05-02 11:00"), berlin("2026-05-03 18:00"))


@pytest.mark.parametrize(
    ("change", "columns"),
    [({"came": "2026-05-02 08:00"}, ["reported_at"]), ({"who": "R2"}, ["organisation"]), ({"filed": ""}, ["status"])],
)
def test_what_is_not_taken_over_is_told_every_night(city, tmp_path, change, columns):
    closed = row(1, who="R1", done="2026-05-03 10:00", filed="2026-05-03 11:00")
    tonight(city, tmp_path, [closed], 0)
    for night in (1, 2):
        report = tonight(city, tmp_path, [closed | change, row(night + 1, came="2026-05-03 12:00")], night)
        assert report.findings["not_taken_over"] == [{"case_no": "L-1", "columns": columns, "row": 2}]
        assert report.updated == 0
        assert report.skipped.total() == 1
    assert (case(city, "L-1").holder, case(city, "L-1").status) == ("R1", "archived")


def test_a_part_that_is_withheld_does_not_make_a_case_touched(city, tmp_path):
    closed = row(1, who="R1", done="2026-05-03 10:00", filed="2026-05-03 11:00")
    tonight(city, tmp_path, [closed], 0)
    for night, title in ((1, "Once"), (2, "Twice")):
        report = tonight(city, tmp_path, [closed | {"who": "R2", "what": title}], night)
        assert (report.updated, found(report, "touched_here")) == (1, [])
        assert case(city, "L-1").title == title


def test_an_older_file_takes_nothing_back(city, tmp_path):
    before = row(1, who="R1")
    after = before | {"done": "2026-05-04 10:00", "filed": "2026-05-04 11:00", "what": "Said better"}
    tonight(city, tmp_path, [before, row(2, came="2026-05-03 08:00")], 0)
    tonight(city, tmp_path, [after, row(2, came="2026-05-03 08:00")], 1)
    report = tonight(city, tmp_path, [before, row(2, came="2026-05-03 08:00")], 2)
    assert report.findings["older_than_the_last_file"][0]["feed"] == "desk"
    assert report.findings["not_taken_over"] == [{"case_no": "L-1", "columns": ["title", "status"], "row": 2}]
    assert (case(city, "L-1").status, case(city, "L-1").title) == ("archived", "Said better")


def test_two_exports_do_not_miss_each_others_cases(city, tmp_path):
    tonight(city, tmp_path, [row(1), row(2)], 0)
    report = tonight(city, tmp_path, [row(3), row(4)], 1, feed="hotline")
    assert "gone_from_the_file" not in report.findings
    with pytest.raises(ImportRefused) as caught:
        tonight(city, tmp_path, [row(1, what="mine"), row(3), row(4)], 2, feed="hotline")
    assert "came in with the feed 'desk'" in str(caught.value.report.bad[0])
    report = tonight(city, tmp_path, [row(4)], 2, feed="hotline")
    assert found(report, "gone_from_the_file") == ["L-3"]


def test_a_number_of_a_case_that_was_reported_here_is_nobody_elses(city, tmp_path):
    report = CaseReport(kind="dispute", category="noise", title="Ours", lon=9.5, lat=50.5)
    number = report_case(city, viewer=DISPATCHER, report=report, now=NIGHT[0])["case_no"]
    mapping = make_mapping({"cases": {"fields": {"case_no": "id", "category": "sort", "reported_at": "came"}}})
    file = export(tmp_path, [row(number)])
    with pytest.raises(ImportRefused) as caught:
        import_cases(city, [file], mapping, now=NIGHT[1], update=True)
    assert "was reported here" in str(caught.value.report.bad[0])
    assert case(city, number).title == "Ours"


UNNUMBERED = ("sort", "what", "more", "came", "done", "filed", "who", "x", "y")


def test_rows_without_numbers_come_once_and_are_closed(city, tmp_path):
    def night(rows, number, **options):
        file = export(tmp_path, rows, headings=UNNUMBERED)
        mapping = make_mapping(
            {"cases": {"fields": {"category": "sort", "title": "what", "description": "more", "reported_at": "came",
                                  "settled_at": "done", "closed_at": "filed", "organisation": "who", "lon": "x", "lat": "y"}}}
        )  # fmt: skip
        report = import_cases(city, [file], mapping, now=NIGHT[number], **options)
        assert_whole(city)
        return report

    twins = [row(None, what="twin"), row(None, what="twin"), row(None, what="other")]
    assert night(twins, 0).imported == 3
    for rows in (twins, [*twins, row(None, what="fourth")]):
        with pytest.raises(InputError, match="in the database already"):
            night(rows, 1)
    assert night([*twins, row(None, what="fourth")], 1, skip_existing=True).imported == 1
    assert night([row(None, what="fifth"), *twins], 1, skip_existing=True).imported == 1, "in any order"
    ends = {"who": "R1", "done": "2026-05-05 10:00", "filed": "2026-05-05 11:00"}
    report = night([twins[0] | ends, *twins[1:], row(None, what="fourth reworded"), row(None, what="fifth")], 2, update=True)
    assert (report.imported, report.updated, report.unchanged) == (0, 2, 3)
    assert len(found(report, "closed")) == 1
    assert report.changed["title"] == 1
    report = night([twins[1], twins[2], row(None, what="fourth reworded"), row(None, what="fifth")], 3, update=True)
    assert len(found(report, "gone_from_the_file")) == 1


def test_rows_passed_over_that_have_changed_are_told(city, tmp_path):
    tonight(city, tmp_path, [row(1), row(2)], 0)
    report = tonight(city, tmp_path, [row(1), row(2, who="R1", filed="2026-05-04 08:00")], 1, update=False, skip_existing=True)
    assert (report.skipped.total(), report.imported) == (2, 0)
    assert list(report.note_rows.values()) == [[("night.csv", 3)]]
    assert case(city, "L-2").status == "waiting"
    assert tonight(city, tmp_path, [row(1), row(2, who="R1", filed="2026-05-04 08:00")], 1).updated == 1


def test_what_is_in_somebodys_hand_is_left_alone(city, tmp_path):
    tonight(city, tmp_path, [row(1), row(2)], 0)
    with city.owning() as connection:
        connection.execute(
            text(
                "INSERT INTO case_claim (prefecture, case_no, path, user_id, tab, since, expires_at)"
                " VALUES ('L', 'L-1', 'L/L1/L11/', 1, 't', now(), now() + interval '5 minutes')"
            )
        )
    with city.owning() as connection:  # somebody's move of the second one, not through yet
        connection.execute(text("UPDATE cases SET title = title WHERE case_no = 'L-2'"))
        report = import_cases(
            city, [export(tmp_path, [row(1, what="a"), row(2, what="b")])], MAPPING, now=NIGHT[1], update=True
        )
    assert sorted(found(report, "touched_here")) == ["L-1", "L-2"]
    assert (case(city, "L-1").title, case(city, "L-2").title) == ("Case 1", "Case 2")
    assert (report.updated, report.skipped.total()) == (0, 2)


def test_a_file_without_rows_needs_a_word(city, tmp_path):
    tonight(city, tmp_path, [row(1)], 0)
    with pytest.raises(InputError, match="--allow-empty"):
        tonight(city, tmp_path, [], 1)
    report = tonight(city, tmp_path, [], 1, allow_empty=True)
    assert found(report, "gone_from_the_file") == ["L-1"]
    for options in ({"skip_existing": True}, {"update": False, "force": True}, {"update": False, "allow_empty": True}):
        with pytest.raises(InputError, match="--"):
            tonight(city, tmp_path, [row(1)], 1, **options)


def test_mended_rows_miss_nobody(city, tmp_path):
    tonight(city, tmp_path, [row(1), row(2)], 0)
    file = export(
        tmp_path, [row(3) | {"bad_file": "night.csv", "bad_row": 4, "bad_reason": "x"}], "mended.csv",
        (*HEADINGS, "bad_file", "bad_row", "bad_reason"),
    )  # fmt: skip
    report = import_cases(city, [file], MAPPING, now=NIGHT[1], update=True)
    assert (report.imported, "gone_from_the_file" in report.findings) == (1, False)


def test_the_grown_export_closes_its_case(database, tmp_path):
    """`24_grown.csv`: the sample as it was found."""
    areas, mapping = SAMPLES / "base.geojson", make_mapping({"categories": {"auto": "true", "kind": "request"}})
    now = datetime(2026, 6, 1, tzinfo=UTC)
    import_areas(database, [areas])
    import_organisations(database, [SAMPLES / "orgs.csv"], mapping)
    grown = (SAMPLES / "24_grown.csv").read_text("utf-8")
    before = tmp_path / "before.csv"
    before.write_text(grown.replace("2026-05-20 10:00", "").rsplit("002;", 1)[0], "utf-8")
    assert import_cases(database, [before], mapping, now=now - timedelta(days=20)).imported == 1
    report = import_cases(database, [SAMPLES / "24_grown.csv"], mapping, now=now, update=True)
    assert (report.imported, report.updated) == (1, 1)
    assert case(database, "001").status == "archived"


def test_cases_of_the_version_before_are_known_again(city, tmp_path):
    """What migration 0011 fills in for cases that came without keys, and with what is done to them later."""
    from data.migrations.versions import __path__ as folder

    file = Path(folder[0]) / "0011_case_import.py"
    namespace: dict = {"__file__": str(file)}
    exec(compile(file.read_text("utf-8"), "0011", "exec"), namespace)
    tonight(city, tmp_path, [row(1), row(2), row("", what="no number"), row(3)], 0)
    touch(city, "L-3", "dispatch", NIGHT[0], to=organisation(city, "R2"))
    with city.owning() as connection:
        connection.execute(text("SELECT set_config('gridboard.bulk', 'on', true)"))
        connection.execute(text("DELETE FROM case_import"))
        connection.execute(text(namespace["FILL"]))
        kept = dict(connection.execute(text("SELECT case_no, version FROM case_import")).all())
    assert kept.pop("L-3") == 3
    assert set(kept.values()) == {3}
    ended = {"who": "R1", "filed": "2026-05-04 10:00"}
    report = tonight(
        city, tmp_path, [row(1), row(2, **ended), row("", what="no number", **ended), row(3, **ended)], 1, feed="other"
    )
    assert (report.imported, report.updated, report.unchanged) == (0, 2, 1)
    assert found(report, "touched_here") == ["L-3"]
    with city.reading(SYSTEM) as connection:
        pass
    with city.owning() as connection:
        assert set(connection.execute(text("SELECT feed FROM case_import")).scalars()) == {"other"}


def test_the_application_sees_nothing_of_the_feeds(city, tmp_path):
    tonight(city, tmp_path, [row(1)], 0)
    with pytest.raises(Exception, match="permission denied"), city.writing(SYSTEM) as connection:
        connection.execute(text("SELECT * FROM case_import"))


def test_open_screens_hear_of_it(city, tmp_path):
    tonight(city, tmp_path, [row(1)], 0)
    with city.owning() as listening:
        raw = listening.connection.driver_connection
        raw.rollback()
        raw.autocommit = True
        with raw.cursor() as cursor:
            cursor.execute("LISTEN gridboard")
        tonight(city, tmp_path, [row(1, what="b")], 1)
        raw.poll()
        told = [int(one.payload) for one in raw.notifies]
        raw.autocommit = False
    with city.reading(SYSTEM) as connection:
        assert connection.execute(text("SELECT max(seq) FROM case_event")).scalar() in told  # tiers ring with a later one



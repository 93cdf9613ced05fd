"""The dispatch desk as it is worked at: by keyboard alone, by two at once, several cases together."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.steps.browser import asked, put_in_queue

COUNTY = "532801"
# The first page of a fresh process compiles and loads everything; a slow machine takes its time.
PATIENCE_MS = 20_000
ENOUGH = 16
PANEL = ".case-panel.shown .case"


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(autouse=True)
def stocked(logged_in) -> None:
    """Enough waits for every test: matters of other places and kinds, reported and assessed past the page."""
    page = logged_in("dispatcher")
    known = [one for query in ("status=open&", "") for one in asked(page, "GET", f"/api/cases?{query}limit=500")["items"]]
    models: dict[tuple[str, str], dict] = {}
    for one in known:
        if one["lon"] is not None:
            models.setdefault((one["area"], one["category"]), one)
    missing = ENOUGH - len(queue(page))
    for number, model in enumerate(list(models.values())[: max(0, missing)]):
        form = {name: model[name] for name in ("kind", "category", "lon", "lat", "severity")}
        put_in_queue(page, form | {"title": f"补充的第 {number} 件 {model['title']}"})
    assert len(queue(page)) >= ENOUGH


def open_desk(page: Page, query: str = "") -> str:
    """The desk with the case that it opened by itself."""
    page.goto(f"/dispatch{query}")
    expect(page.locator(PANEL)).to_be_visible()
    expect(page.locator("#claim-bar[data-state=mine]")).to_be_visible()
    return open_case(page)


def open_case(page: Page) -> str:
    """The number of the open case, once address and panel agree."""
    number = re.compile(r"case=([^&]+)")
    expect(page).to_have_url(number)
    found = number.search(page.url)
    assert found is not None
    expect(page.locator(PANEL)).to_have_attribute("data-case-no", found[1])
    return found[1]


def queue(page: Page, query: str = "") -> list[dict]:
    return asked(page, "GET", f"/api/queue?limit=500{query}")["items"]


def case(page: Page, number: str) -> dict:
    return asked(page, "GET", f"/api/cases/{number}")


def first_body(page: Page, number: str) -> int:
    return asked(page, "GET", f"/api/cases/{number}/recommendations")["items"][0]["organisation"]


def dispatched(page: Page, number: str) -> dict:
    """Somebody else dispatches a case, past the page."""
    move = {"move": "dispatch", "version": case(page, number)["version"], "to": first_body(page, number)}
    return asked(page, "POST", f"/api/cases/{number}/moves", move)


def row(page: Page, number: str):
    return page.locator(f"#list-waiting [data-case-no='{number}']")


def test_the_count_is_as_long_as_the_list_and_the_order_is_that_of_the_server(logged_in) -> None:
    page = logged_in("dispatcher")
    open_desk(page)
    waiting = [item["case_no"] for item in queue(page)]
    expect(page.locator("#list-waiting-total")).to_have_text(str(len(waiting)))
    expect(page.locator("#count-waiting")).to_have_text(str(len(waiting)))
    assert page.evaluate("gridboard.page.queue.order") == waiting
    drawn = page.locator("#list-waiting .queue-row")
    assert 0 < drawn.count() <= len(waiting)
    assert drawn.first.get_attribute("data-case-no") == waiting[0]
    page.evaluate("document.getElementById('list-waiting').scrollTop = 1e6")
    expect(row(page, waiting[-1])).to_be_visible()


def test_each_case_takes_one_key_and_another_body_one_more_with_its_reason(logged_in) -> None:
    page = logged_in("dispatcher")
    first = open_desk(page)
    best = first_body(page, first)
    page.keyboard.press("d")
    expect(page.locator("#toast")).to_contain_text(first)
    assert case(page, first)["holder"]["id"] == best
    expect(page).not_to_have_url(re.compile(first))
    second = open_case(page)
    expect(row(page, first)).to_have_count(0)
    expect(row(page, second)).to_have_class(re.compile("chosen"))
    while page.locator("#assign-to input").count() < 2:
        page.keyboard.press("n")
        expect(page).not_to_have_url(re.compile(second))
        second = open_case(page)
    page.keyboard.press("2")
    other = page.locator("#assign-to input").nth(1)
    expect(other).to_be_checked()
    page.keyboard.press("d")
    expect(page.locator("#choice-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#choice-dialog")).to_be_hidden()
    assert case(page, second)["status"] == "waiting"
    body = int(str(other.get_attribute("value")))
    page.keyboard.press("d")
    page.keyboard.press("1")
    expect(page).not_to_have_url(re.compile(second))
    now = case(page, second)
    assert (now["status"], now["holder"]["id"]) == ("dispatched", body)


def open_case_with_a_choice(page: Page) -> None:
    """The first of the queue that more than one organisation could take."""
    open_desk(page)
    while page.locator("#assign-to input").count() < 2:
        before = page.url
        page.keyboard.press("n")
        expect(page).not_to_have_url(before)
        open_case(page)


def test_a_choice_outlives_a_redraw_of_the_case(logged_in) -> None:
    page = logged_in("dispatcher")
    open_case_with_a_choice(page)
    page.keyboard.press("2")
    chosen = page.locator("#assign-to input").nth(1)
    expect(chosen).to_be_checked()
    body = chosen.get_attribute("value")
    # as React does when the order is another one: the elements stay, who they stand for changes
    page.evaluate(
        """() => { const [first, second] = document.querySelectorAll('#assign-to input');
                   [first.value, second.value] = [second.value, first.value]; }"""
    )
    expect(page.locator("#assign-to input").first).to_be_checked()
    assert page.locator("#assign-to :checked").get_attribute("value") == body
    page.evaluate("document.querySelector('#assign-to input').value = '0'")
    expect(page.locator("#assign-to :checked")).to_have_count(0)


def test_a_choice_made_for_one_case_is_not_made_for_the_next(logged_in) -> None:
    page = logged_in("dispatcher")
    open_case_with_a_choice(page)
    page.locator("#assign-to input").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#assign-to input").nth(1)).to_be_checked()
    before = page.url
    page.keyboard.press("n")
    expect(page).not_to_have_url(before)
    open_case(page)
    expect(page.locator("#assign-to input").first).to_be_checked()


def test_a_key_that_is_quicker_than_the_panel_never_meets_another_case(logged_in) -> None:
    page = logged_in("dispatcher")
    first = open_desk(page)
    following = page.evaluate("gridboard.page.queue.order").index(first) + 1
    target = page.evaluate("gridboard.page.queue.order")[following]
    # in one turn of the page: the address is of another case, the panel still of this one
    page.evaluate(
        """no => { gridboard.page.address.navigate({ case: no });
                   document.dispatchEvent(new KeyboardEvent('keydown', { key: 'd', bubbles: true })); }""",
        target,
    )
    expect(page.locator("#toast")).to_contain_text(target)
    assert case(page, first)["status"] == "waiting"
    assert case(page, target)["status"] == "dispatched"


def test_undo_takes_the_case_back_within_its_half_minute(logged_in) -> None:
    page = logged_in("dispatcher")
    first = open_desk(page)
    page.keyboard.press("d")
    expect(page.locator(".toast-undo")).to_be_visible()
    expect(page).not_to_have_url(re.compile(first))
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile(first))
    expect(page.locator(PANEL)).to_have_attribute("data-status", "waiting")
    expect(row(page, first)).to_be_visible()
    expect(page.locator("#claim-bar[data-state=mine]")).to_be_visible()


def test_rows_are_walked_opened_and_ticked_by_keys(logged_in) -> None:
    page = logged_in("dispatcher")
    open_desk(page)
    order = page.evaluate("gridboard.page.queue.order")
    page.locator("#list-waiting .queue-row").first.focus()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(row(page, order[2])).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(order[1]))
    page.keyboard.press("x")
    page.keyboard.press("Shift+ArrowDown")
    assert sorted(page.evaluate("gridboard.page.store.state.selection")) == sorted(order[1:3])
    page.keyboard.press("Escape")
    assert page.evaluate("gridboard.page.store.state.selection") == []
    page.go_back()
    expect(page).not_to_have_url(re.compile(order[1]))


def test_no_key_acts_while_somebody_types_or_holds_ctrl(logged_in) -> None:
    page = logged_in("dispatcher")
    first = open_desk(page)
    page.locator("[data-action=queue-filters]").click()
    page.fill("#queue-query", "")
    page.locator("#queue-query").focus()
    page.keyboard.type("nd")
    expect(page).to_have_url(re.compile("q=nd"))
    assert case(page, first)["status"] == "waiting"
    page.locator("#queue-query").fill("")
    expect(page).not_to_have_url(re.compile("q="))
    page.locator("#list-waiting .queue-row").first.focus()
    page.keyboard.press("Control+d")
    page.keyboard.press("Alt+d")
    assert case(page, first)["status"] == "waiting"
    assert open_case(page) == first


def test_the_card_of_keys_is_the_table_that_binds_them(logged_in) -> None:
    page = logged_in("dispatcher")
    open_desk(page)
    page.keyboard.press("?")
    expect(page.locator("#help-dialog .shortcuts")).to_be_visible()
    told = page.locator("#help-dialog dt").all_inner_texts()
    bound = page.evaluate("gridboard.page.keyboard.here.map((one) => one.show)")
    assert ["".join(words.split()) for words in told] == ["".join(words.split()) for words in bound]
    words = page.locator("#help-dialog dd").all_inner_texts()
    assert all(words) and not any("js.key" in one for one in words)


def test_the_command_bar_finds_moves_areas_and_cases(logged_in) -> None:
    page = logged_in("dispatcher")
    first = open_desk(page)
    page.keyboard.press("Control+k")
    box = page.locator("#command-words")
    expect(box).to_be_focused()
    page.keyboard.type("jhs")
    expect(page.locator(f"[data-found='area:{COUNTY}']")).to_be_visible()
    assert box.get_attribute("aria-activedescendant") == "command-list-0"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"area={COUNTY}"))
    expect(page.locator("#area-title")).to_have_text("景洪市")
    expect(page.locator("#list-waiting [data-case-no]").first).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.locator(f"[data-found='area:{COUNTY}'] .found-kind")).to_be_visible()
    page.keyboard.type(first)
    expect(page.locator(f"[data-found='case:{first}']")).to_be_visible()
    page.keyboard.press("Enter")
    assert open_case(page) == first
    title = case(page, first)["title"]
    page.keyboard.press("Control+k")
    page.keyboard.type(title[:8])
    expect(page.locator(f"[data-found='case:{first}']")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("refer_up")
    page.keyboard.press("Enter")
    expect(page.locator(".move-form[data-form=refer_up]")).to_be_visible()


def test_groups_have_counts_and_fold(logged_in) -> None:
    page = logged_in("dispatcher")
    open_desk(page)
    for _ in range(2):
        page.keyboard.press("g")
    expect(page).to_have_url(re.compile("group=category"))
    items = queue(page)
    counts: dict[str, int] = {}
    for item in items:
        counts[item["category_name"]] = counts.get(item["category_name"], 0) + 1
    head = page.locator("#list-waiting .queue-group").first
    name = head.locator(".queue-group-name").inner_text()
    assert int(head.locator(".list-total").inner_text()) == counts[name]
    assert len(page.evaluate("gridboard.page.queue.order")) == len(items)
    head.locator(".queue-fold").click()
    assert len(page.evaluate("gridboard.page.queue.order")) == len(items) - counts[name]
    head.locator(".queue-all").click()
    assert len(page.evaluate("gridboard.page.store.state.selection")) == counts[name]


def test_a_narrowed_queue_says_so_and_the_next_case_is_of_it(logged_in) -> None:
    page = logged_in("dispatcher")
    open_desk(page)
    kinds = {item["kind"] for item in queue(page)}
    kind = "request" if "request" in kinds else min(kinds)
    page.locator("[data-action=queue-filters]").click()
    page.locator(f"[data-narrow=kind][data-value={kind}]").click()
    expect(page).to_have_url(re.compile(f"kind={kind}"))
    expect(page.locator("#queue-narrowed .list-filter")).to_be_visible()
    wanted = queue(page, f"&kind={kind}")
    expect(page.locator("#list-waiting-total")).to_have_text(str(len(wanted)))
    before = page.url
    page.keyboard.press("n")
    expect(page).not_to_have_url(before)
    assert case(page, open_case(page))["kind"] == kind
    page.locator("#queue-narrowed .list-filter").click()
    expect(page).not_to_have_url(re.compile("kind="))


def test_an_empty_queue_says_when_the_last_one_went(logged_in) -> None:
    page = logged_in("dispatcher")
    page.route("**/api/queue?*", lambda route: route.fulfill(json={
        "items": [], "next_cursor": None, "total": 0, "last_waited": "2026-06-15T01:02:03Z"}))  # fmt: skip
    page.goto("/dispatch")
    expect(page.locator("#queue-state .state-empty .state-hint")).to_be_visible()
    expect(page.locator("#list-waiting-total")).to_have_text("0")


def test_a_queue_that_cannot_be_read_says_so_and_is_tried_again(logged_in) -> None:
    page = logged_in("dispatcher")
    page.route("**/api/queue?*", lambda route: route.fulfill(status=503, json={}))
    page.goto("/dispatch")
    expect(page.locator("#queue-state [data-action=queue-retry]")).to_be_visible()
    # while it still fails: once it can be read, the page's own next try may take the button away before the click
    with page.expect_request("**/api/queue?*"):
        page.locator("[data-action=queue-retry]").click()
    page.unroute("**/api/queue?*")
    expect(page.locator("#list-waiting .queue-row").first).to_be_visible()


def test_two_dispatchers_get_different_cases_and_see_each_other(logged_in) -> None:
    one, other = logged_in("dispatcher"), logged_in("dispatcher.jinghong")
    first = open_desk(one, f"?area={COUNTY}")
    second = open_desk(other)
    assert first != second
    one.reload()
    expect(one.locator("#claim-bar[data-state=mine]")).to_be_visible()
    expect(row(one, second).locator(".queue-eyes.claimed")).to_be_visible()
    row(one, second).click()
    bar = one.locator("#claim-bar[data-state=other]")
    expect(bar).to_be_visible()
    holder = next(item for item in queue(one, f"&area={COUNTY}") if item["case_no"] == second)["watching"]
    assert next(watcher for watcher in holder if watcher["claimed"])["organisation"] in bar.inner_text()
    expect(other.locator("#claim-bar .claim-eyes")).to_be_visible()
    other.keyboard.press("n")
    expect(other).not_to_have_url(re.compile(second))
    assert open_case(other) != second
    # what the colleague has left becomes free for whoever looks at it
    expect(one.locator("#claim-bar[data-state=mine]")).to_be_visible()


def test_a_case_is_let_go_when_its_page_is_left(logged_in) -> None:
    page, other = logged_in("dispatcher"), logged_in("dispatcher.jinghong")
    first = open_desk(page, f"?area={COUNTY}")
    claim = f"/api/cases/{first}/claim"
    token = other.request.get("/api/session").json()["csrf_token"]
    headers = {"X-CSRF-Token": token}
    refused = other.request.post(claim, data={"tab": "t"}, headers=headers)
    assert (refused.status, refused.json()["code"]) == (409, "claimed")
    page.goto("/map")
    expect(page.locator("#area-title")).to_have_text(re.compile(r"\S"))
    assert other.request.post(claim, data={"tab": "t"}, headers=headers).ok
    other.request.delete(claim, headers=headers)


def test_a_case_that_a_colleague_takes_says_so_and_goes(logged_in) -> None:
    page, other = logged_in("dispatcher"), logged_in("dispatcher")
    first = open_desk(page)
    number = next(one for one in page.evaluate("gridboard.page.queue.order") if one != first)
    before = len(queue(page))
    page.evaluate("""no => { window.said = ''; gridboard.page.bus.on('queue', () => {
        const item = gridboard.page.queue.items.find((one) => one.case_no === no);
        if (item && item.going) { window.said = item.going; } }); }""", number)  # fmt: skip
    dispatched(other, number)
    expect(row(page, number)).to_have_count(0)
    expect(page.locator("#list-waiting-total")).to_have_text(str(before - 1))
    assert page.evaluate("window.said") != ""
    assert open_case(page) == first


def test_a_queue_that_was_read_before_a_case_went_does_not_bring_it_back(logged_in) -> None:
    page, other = logged_in("dispatcher"), logged_in("dispatcher")
    first = open_desk(page)
    number = next(one for one in page.evaluate("gridboard.page.queue.order") if one != first)
    with page.expect_response("**/api/queue?*"):
        page.evaluate("""() => { const real = window.fetch;
            window.held = new Promise((go) => { window.letGo = go; });
            window.fetch = async (...given) => {
              const answer = await real(...given);
              if (String(given[0]).startsWith('/api/queue')) { await window.held; }
              return answer;
            };
            gridboard.page.queue.read(); }""")
    dispatched(other, number)
    expect(row(page, number)).to_have_count(0)
    page.evaluate("window.letGo()")
    expect(page.locator("#list-waiting-total")).to_have_text(str(len(queue(other))))
    expect(row(page, number)).to_have_count(0)


def test_a_row_stays_under_the_eye_while_others_come_and_go(logged_in) -> None:
    page, other = logged_in("dispatcher"), logged_in("dispatcher")
    first = open_desk(page)
    order = page.evaluate("gridboard.page.queue.order")
    gone = next(one for one in order[:3] if one != first)
    page.evaluate("document.getElementById('list-waiting').scrollTop = 700")
    seen = page.evaluate(
        """() => { const list = document.getElementById('list-waiting');
            const row = gridboard.page.queueList.rows.find((one) => one.top >= list.scrollTop);
            return [row.key, row.top - list.scrollTop]; }"""
    )
    dispatched(other, gone)
    expect(row(page, gone)).to_have_count(0)
    page.wait_for_function("no => !gridboard.page.queue.items.some((one) => one.case_no === no)", arg=gone)
    now = page.evaluate(
        """no => { const list = document.getElementById('list-waiting');
            return gridboard.page.queueList.rows.find((one) => one.key === no).top - list.scrollTop; }""",
        seen[0],
    )
    assert abs(now - seen[1]) < 1


def test_several_cases_go_together_and_what_another_took_is_told(logged_in) -> None:
    page, other = logged_in("dispatcher"), logged_in("dispatcher")
    open_desk(page)
    order = page.evaluate("gridboard.page.queue.order")
    chosen = order[-4:]
    page.evaluate("numbers => gridboard.page.store.select(numbers)", chosen)
    expect(page.locator("#tray")).to_be_visible()
    page.keyboard.press("b")
    dialog = page.locator("#bulk-dialog")
    expect(dialog.locator(".bulk-row")).to_have_count(4)
    expect(dialog.locator(".bulk-submit")).to_be_enabled()
    assert "→" in dialog.locator(".bulk-row").first.inner_text()
    taken = dispatched(other, chosen[0])
    dialog.locator(".bulk-submit").click()
    expect(dialog.locator(".bulk-row.done")).to_have_count(3)
    bad = dialog.locator(f".bulk-row.bad[data-case-no='{chosen[0]}']")
    expect(bad).to_contain_text(taken["holder"]["name"])
    assert {case(page, number)["status"] for number in chosen} == {"dispatched"}
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.locator("#toast")).to_contain_text("3")
    expect(row(page, chosen[1])).to_have_count(1)
    assert [case(page, number)["status"] for number in chosen] == ["dispatched", "waiting", "waiting", "waiting"]


def test_one_body_for_all_needs_a_reason_and_many_are_confirmed(logged_in) -> None:
    page = logged_in("dispatcher")
    open_desk(page)
    page.keyboard.press("a")
    shown = len(page.evaluate("gridboard.page.store.state.selection"))
    assert shown == len(page.evaluate("gridboard.page.queue.order")) > 10
    page.keyboard.press("b")
    dialog = page.locator("#bulk-dialog")
    expect(dialog.locator(".bulk-row")).to_have_count(shown)
    submit = dialog.locator(".bulk-submit")
    expect(submit).to_be_enabled()
    before = submit.inner_text()
    submit.click()
    expect(submit).not_to_have_text(before)
    assert len(queue(page)) == shown, "the first press only asks"
    body = dialog.locator(".bulk-bodies label:not(:has([value='']))").first
    body.click()
    expect(dialog.locator(".bulk-why")).to_be_visible()
    expect(dialog.locator(".bulk-row.bad").first).to_be_visible()
    submit.click()
    expect(dialog.locator(".bulk-message")).not_to_be_empty()
    assert len(queue(page)) == shown
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_possible_duplicates_stand_side_by_side_and_merge(logged_in) -> None:
    page = logged_in("dispatcher")
    open_desk(page)
    like = queue(page)[0]
    form = {name: like[name] for name in ("kind", "category", "title", "lon", "lat", "severity")}
    made = put_in_queue(page, form)
    page.evaluate("no => gridboard.page.address.navigate({ case: no })", made["case_no"])
    expect(page.locator(PANEL)).to_have_attribute("data-case-no", made["case_no"])
    page.keyboard.press("c")
    merge = page.locator(f"#compare-dialog [data-into='{like['case_no']}']")
    expect(merge).to_be_visible()
    merge.click()
    assert case(page, made["case_no"])["status"] == "waiting", "it is asked for twice"
    merge.click()
    expect(page.locator("#compare-dialog")).to_be_hidden()
    now = case(page, made["case_no"])
    assert (now["status"], now["merged_into"]) == ("merged", like["case_no"])


def test_a_screen_that_hears_nothing_says_so_and_can_still_dispatch(logged_in) -> None:
    page = logged_in("dispatcher")
    page.route("**/api/live*", lambda route: route.abort())
    first = open_desk(page)
    expect(page.locator("#queue-stale")).to_be_visible()
    page.keyboard.press("d")
    expect(page.locator("#toast")).to_contain_text(first)


def test_on_a_narrow_screen_list_map_and_case_are_steps(logged_in) -> None:
    page = logged_in("dispatcher", width=390, height=844)
    page.goto("/dispatch")
    first = page.locator("#list-waiting .queue-row").first
    expect(first).to_be_visible()
    expect(page.locator("#map")).to_be_hidden()
    first.locator(".queue-main").click()
    expect(page.locator(PANEL)).to_be_visible()
    expect(page.locator("#assign-submit")).to_be_in_viewport()
    expect(page.locator("#list-waiting")).to_be_hidden()
    page.locator("[data-action=desk-step][data-step=map]").click()
    expect(page.locator("#map")).to_be_visible()
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0


def test_every_open_case_is_one_tab_away(logged_in) -> None:
    page = logged_in("dispatcher")
    open_desk(page)
    page.locator("[data-action=queue-tab][data-tab=open]").click()
    expect(page.locator("#list-open [data-case-no]").first).to_be_visible()
    expect(page.locator("#list-open-total")).to_have_text(page.locator("#count-open").inner_text())
    tab = page.locator("[data-action=queue-tab][data-tab=to_file]")
    tab.click()
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(page).to_have_url(re.compile("list=to_file"))
    expect(page.locator("#tab-open .list-name")).to_have_text("待归档案件")
    expect(page.locator("#list-open-total")).to_have_text(page.locator("#count-to-file").inner_text())
    page.locator("[data-action=queue-tab][data-tab=waiting]").click()
    expect(page.locator("#tab-waiting")).to_be_visible()
    expect(page.locator("#tab-open")).to_be_hidden()

"""The left rail: the area, its centre, its counts as metric tiles, the reasons for its tier, and its child areas."""

from __future__ import annotations

from dash import html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.icons import icon, tier_mark
from dashboard.panels import changes, states, why_above
from dashboard.view_models import AreaRow, Reader, Scene
from dashboard.words.formats import count
from dashboard.words.texts import text
from rules.access import Act, Role, may

#: The counts in the rail, each with the element that shows it.
COUNTS = (
    ("open", ids.COUNT_OPEN),
    ("waiting", ids.COUNT_WAITING),
    ("overdue", ids.COUNT_OVERDUE),
    ("settled_month", ids.COUNT_SETTLED),
    ("to_file", ids.COUNT_TO_FILE),
)


def rail(scene: Scene, reader: Reader, *, compact: bool = False) -> list:
    """The whole rail; compact leaves only the head, for the dispatcher's queue beneath it."""
    parts = [head(scene, reader), metric_tiles(scene, reader)]
    if compact:
        return parts
    repeats = [repeat_list(reader)] if may(Role(reader.role), Act.see_cases) else []
    came = [] if scene.changes is None else [changes.changes(scene.changes, reader)]
    why = [why_place(scene, reader)] if scene.told_why else []
    # of a grid the question is why; above, what changed
    parts += [*why, *repeats, *came] if scene.leaf else [*came, *why, *repeats]
    if scene.children:
        parts += [area_list(scene, reader), html.Section(id=ids.WORST_PLACES, className="worst-places", hidden=True)]
    elif not scene.told_why:
        parts.append(states.empty(text("rail.no-tier", reader.locale)))
    return parts


def repeat_list(reader: Reader) -> html.Details:
    """Chains of repeat disputes, filled by the browser (panels/repeat_list.mjs)."""
    title = html.Span(text("js.repeat.title", reader.locale), className="section-title")
    summary = html.Summary([title, html.Span("", className="rail-size")], title=text("js.repeat.hint", reader.locale))
    body = html.Div(states.skeleton(lines=2), className="repeat-rows")
    return html.Details([summary, body], id=ids.REPEAT_LIST, className="why-details repeats")


def why_place(scene: Scene, reader: Reader) -> html.Section | html.Details:
    """Where the reasons come to. Those of a grid are read after the scene, which waits for nothing; above the grids the
    distribution is known already, and the rest is read when it is opened (panels/why_panel.mjs)."""
    at = marked({"data-area": scene.area.code})
    if scene.leaf:
        return html.Section(states.skeleton(lines=8), id=ids.WHY, className="why why-leaf", key=scene.area.code, **at)
    body = html.Div(states.skeleton(lines=4), id=ids.WHY, className="why-above-body", **at)
    return html.Details([html.Summary(why_above.summary(scene.tiers, reader)), body], className="why-details why-above")


def head(scene: Scene, reader: Reader) -> html.Header:
    """Name, tier and level of the area, its centre and post."""
    title = html.H1([html.Span(scene.area.name, id=ids.AREA_TITLE)], className="rail-title")
    marks = [html.Span(scene.level_name, className="rail-level")]
    if scene.tier:
        marks.append(tier_badge(scene.tier, reader.locale))
    lines: list = [html.Div([title, *marks], className="rail-name")]
    if scene.centre:
        centre = [html.Span(scene.centre)]
        if scene.post:
            centre.append(html.Span(scene.post, className="rail-post"))
        lines.append(html.P([icon("building-community"), *centre], className="rail-centre"))
    return html.Header(lines, className="rail-head")


def tier_badge(tier: str, locale: str) -> html.Span:
    """Mark and name of a tier."""
    return html.Span(
        [tier_mark(tier, text(f"tier.mark.{tier}", locale)), html.Span(text(f"tier.{tier}", locale))],
        className=f"tier-badge tier-text-{tier}",
    )


def metric_tiles(scene: Scene, reader: Reader) -> html.Div:
    """The counts; each one opens exactly the list that it counted."""
    return html.Div([_metric_tile(name, element, scene, reader) for name, element in COUNTS], className="doors")


def _metric_tile(name: str, element: str, scene: Scene, reader: Reader) -> html.Button:
    number = scene.counts.get(name, 0)
    hint = text(f"metric.{name}.hint", reader.locale)
    if scene.changes is not None and name in scene.changes.ranges:
        low, high = scene.changes.ranges[name]
        hint += text("usual.sentence", reader.locale, range=changes.span(low, high, reader.locale))
    alarm = " door-alarm" if name == "overdue" and number else ""
    return html.Button(
        [
            html.Span(
                count(number, reader.locale), id=element, className="door-number", **marked({"data-count": name})
            ),
            html.Span(text(f"metric.{name}", reader.locale), className="door-name"),
            *changes.beside(scene.changes, name, number, reader.locale),
        ],
        className=f"door door-{name}{alarm}",
        type="button",
        title=hint,
        **marked({"data-list": name}),
    )


def area_list(scene: Scene, reader: Reader) -> html.Section:
    """The child areas, those that need eyes first; arrow keys move, Enter goes down."""
    rows = [_area_row(row, reader, first=not number) for number, row in enumerate(scene.children)]
    title = text("rail.children", reader.locale, level=scene.child_level_name)
    size = count(len(scene.children), reader.locale)
    hint = text("metric.to_file.hint", reader.locale)
    parts = [
        html.H2([html.Span(title), html.Span(size, className="rail-size")], className="section-title"),
        html.Div(
            [
                html.Span(text("rail.column.area", reader.locale), className="area-name"),
                html.Span(text("rail.column.counts", reader.locale), title=text("metric.open.hint", reader.locale)),
                html.Span(text("metric.to_file", reader.locale), className="area-to-file", title=hint),
            ],
            className="area-columns",
        ),
        html.Div(
            rows,
            id=ids.AREA_LIST,
            role="listbox",
            className="area-list",
            key=scene.area.code,
            **marked({"aria-label": title}),
        ),
    ]
    parts.append(_unlocated(scene.unlocated, reader))
    return html.Section(parts, className="rail-areas")


def _area_row(row: AreaRow, reader: Reader, *, first: bool) -> html.Div:
    tier = row.tier or ""
    letter = text(f"tier.mark.{tier}", reader.locale) if tier else ""
    return html.Div(
        [
            tier_mark(row.tier, letter),
            html.Span(row.name, className="area-name"),
            html.Span(area_figures(row, reader.locale), id=ids.area_count(row.code), className="area-count"),
            html.Span(count(row.to_file, reader.locale), className="area-to-file"),
        ],
        id=ids.area_item(row.code),
        role="option",
        tabIndex=0 if first else -1,
        className="area-row",
        **marked({"data-code": row.code, "data-tier": tier, "aria-selected": "false"}),
    )


def area_figures(row: AreaRow, locale: str) -> str:
    """Open, and waiting where there is any: `12 · 2`."""
    return text("rail.figures", locale, open=count(row.open, locale), waiting=count(row.waiting, locale))


def _unlocated(number: int, reader: Reader) -> html.Button:
    return html.Button(
        [
            icon("map-pin-off"),
            html.Span(text("metric.unlocated", reader.locale), className="area-name"),
            html.Span(
                count(number, reader.locale),
                className="area-count",
                id="count-unlocated",
                **marked({"data-count": "unlocated"}),
            ),
        ],
        className="area-row area-unlocated",
        type="button",
        hidden=not number,
        title=text("metric.unlocated.hint", reader.locale),
        **marked({"data-list": "unlocated"}),
    )

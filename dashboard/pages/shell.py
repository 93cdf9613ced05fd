"""The HTML document around every page, and the parts that remain while pages change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dash_table, dcc, html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.current_viewer import current_viewer
from dashboard.panels import states
from dashboard.words.texts import known_locale

if TYPE_CHECKING:
    from data.services import Services

#: Of the assets Dash lists the one bundle of its pages (docs/front-end.md): not the sources, nor what others load.
# every page would load the bundle of a component that none has
dash_table._js_dist.clear()  # type: ignore[attr-defined]
LISTED_ASSETS = {"assets_path_ignore": ["app", "styles", "vendor"], "assets_ignore": r"^(mine|theme)\."}
#: What the renderer tells the bundle: how each callback ended, since a failed one is shown to nobody.
HOOKS = {"callback_resolved": "(...ended) => window.dash_clientside.gridboard.resolved(...ended)"}
DASH_OPTIONS = {
    **LISTED_ASSETS, "hooks": HOOKS, "title": "Gridboard", "update_title": None, "serve_locally": True,
    "suppress_callback_exceptions": True,
}  # fmt: skip
#: What charts are drawn with: bars and lines need plotly's basic bundle alone, a quarter of what Dash would load. The version
#: in the address lets browsers keep it; scripts/vendor_frontend.py renews both.
PLOTLY = "/assets/vendor/plotly-basic.min.js?m=4.1.1"
#: The document. The theme script is in the head, so that the first paint has the right colours; nothing is inline.
INDEX = f"""<!DOCTYPE html>
<html lang="zh-CN" data-theme="dark" data-plotly="{PLOTLY}">
  <head>
    {{%metas%}}
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="dark light">
    <title>Gridboard</title>
    <link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">
    <script src="/assets/dist/theme.js"></script>
    {{%css%}}
  </head>
  <body>
    {{%app_entry%}}
    <footer>{{%config%}}{{%scripts%}}{{%renderer%}}</footer>
  </body>
</html>
"""


def layout(services: Services) -> html.Div:
    """The address and an empty page; which page it becomes is decided by the address and the reader."""
    viewer = current_viewer.get()
    locale = known_locale(viewer.locale if viewer is not None else services.settings.deployment.locale)
    return html.Div(
        [
            dcc.Location(id=ids.URL, refresh=False),
            dcc.Store(id=ids.SINK),
            dcc.Store(id=ids.PAGE_SINK),
            html.Div(states.skeleton(lines=6, class_name="page-skeleton"), id=ids.PAGE, className="page"),
        ],
        id=ids.SHELL,
        className="shell",
        lang=locale.replace("_", "-"),
        **marked({"data-locale": locale}),
    )

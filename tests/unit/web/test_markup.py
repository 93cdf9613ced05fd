"""Components written as plain HTML: what people typed stays text, flags and styles come through."""

from __future__ import annotations

from dash import dcc, html

from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.panels.options import option
from web.pages.markup import markup


def test_text_and_attributes_are_escaped():
    part = html.Div(["<script>alert(1)</script>", None, 3], title='"><img src=x>', **marked({"data-no": "a&b"}))
    assert markup(part) == (
        '<div title="&quot;&gt;&lt;img src=x&gt;" data-no="a&amp;b">&lt;script&gt;alert(1)&lt;/script&gt;3</div>'
    )


def test_flags_are_written_only_when_they_are_set():
    assert markup(html.Button("x", hidden=True, disabled=False)) == "<button hidden>x</button>"
    radio = '<label class="option"><input type="radio" name="a" value="b"{}><span></span></label>'
    assert markup(option("a", "b", html.Span())) == radio.format("")
    assert markup(option("a", "b", html.Span(), chosen=True)) == radio.format(" checked")


def test_names_are_those_of_html():
    link = html.A([html.Time("now", dateTime="2026-01-01")], href="/mine", className="a b")
    assert markup(link) == '<a class="a b" href="/mine"><time datetime="2026-01-01">now</time></a>'
    box = dcc.Textarea(id="t", maxLength=5, className="input")
    assert markup(box).startswith("<textarea ") and 'maxlength="5"' in markup(box)
    assert markup(html.Img(src="/a.svg", alt="")) == '<img alt="" src="/a.svg">'


def test_a_style_is_one_attribute():
    box = html.Div(style={"height": "2rem", "width": "50%"})
    assert markup(box) == '<div style="height: 2rem; width: 50%"></div>'
    assert 'class="icon icon-x"' in markup(icon("x"))

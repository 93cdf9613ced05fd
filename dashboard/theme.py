"""Design tokens: one table, written as CSS variables (`python -m dashboard.theme` renews the file)."""

from __future__ import annotations

from pathlib import Path

from layers.colours import ACCENT, GROUND, RIVER, SEVERITY, TIER

FILE = Path(__file__).parent / "assets" / "styles" / "00_tokens.css"

#: Variables that do not change with the theme.
SHARED: dict[str, object] = {
    "font": '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif',
    "radius": ".375rem",
    "radius-small": ".25rem",
    "key": TIER["key"],
    "normal": TIER["normal"],
    "neutral": SEVERITY["minor"],
}
#: Tiers and urgency own red, amber and green; everything that can be pressed has the one accent.
DARK: dict[str, object] = {
    "bg": GROUND["dark"]["ground"],
    "surface": "#111B2E",
    "raised": "#1A2740",
    "field": "#0D1626",
    "line": "#2B3B5A",
    "line-soft": "rgba(43, 59, 90, .55)",
    "line-strong": "#5D7196",
    "hover": "rgba(140, 170, 220, .10)",
    "text": GROUND["dark"]["text"],
    "muted": GROUND["dark"]["muted"],
    "accent": ACCENT["dark"],
    # words on accent-soft
    "accent-ink": "#8FBCFF",
    "accent-soft": "rgba(91, 155, 255, .16)",
    "accent-fill": "#2468D8",
    "accent-fill-hover": "#2F75E8",
    "on-accent": "#FFFFFF",
    "bar": "#7D93B8",
    "key-text": "#FF6B6D",
    "watch-text": "#FFC93C",
    "normal-text": "#35B3A4",
    "watch-line": "#FFC93C",
    "key-soft": "rgba(229, 56, 59, .18)",
    "watch-soft": "rgba(255, 201, 60, .12)",
    "normal-soft": "rgba(42, 157, 143, .18)",
    "shadow": "0 12px 32px rgba(0, 0, 0, .45)",
    "river": RIVER["dark"],
}
LIGHT: dict[str, object] = {
    "bg": GROUND["light"]["ground"],
    "surface": "#FFFFFF",
    "raised": "#FFFFFF",
    "field": "#F3F6FA",
    "line": "#CBD5E3",
    "line-soft": "rgba(203, 213, 227, .7)",
    "line-strong": "#8292A8",
    "hover": "rgba(27, 60, 110, .06)",
    "text": GROUND["light"]["text"],
    "muted": GROUND["light"]["muted"],
    "accent": ACCENT["light"],
    "accent-ink": ACCENT["light"],
    "accent-soft": "rgba(27, 95, 208, .10)",
    "accent-fill": "#1B5FD0",
    "accent-fill-hover": "#164FB0",
    "on-accent": "#FFFFFF",
    "bar": "#7D93B8",
    "key-text": "#C62828",
    "watch-text": "#8A5200",
    "normal-text": "#196F65",
    "watch-line": "#C98A00",
    "key-soft": "rgba(229, 56, 59, .10)",
    "watch-soft": "rgba(255, 201, 60, .22)",
    "normal-soft": "rgba(42, 157, 143, .14)",
    "shadow": "0 10px 30px rgba(19, 32, 47, .16)",
    "river": RIVER["light"],
}


#: For readers whose system asks for more contrast (prefers-contrast: more), over the theme.
MORE_DARK: dict[str, object] = {
    "line": "#8FA5C9", "line-soft": "#8FA5C9", "line-strong": "#C9D6EC", "hover": "rgba(170, 195, 235, .24)", "text": "#FFFFFF",
    "muted": "#D6E0F0", "accent": "#8FBCFF", "accent-ink": "#C4DBFF", "accent-soft": "rgba(120, 170, 255, .30)",
    "key-text": "#FF9A9B", "normal-text": "#6FD8CB", "bar": "#B4C5E2",
}  # fmt: skip
MORE_LIGHT: dict[str, object] = {
    "line": "#5B6B82", "line-soft": "#5B6B82", "line-strong": "#2E3B4E", "hover": "rgba(27, 60, 110, .14)", "text": "#000000",
    "muted": "#26364B", "accent": "#0B3F94", "accent-ink": "#0B3F94", "accent-soft": "rgba(27, 95, 208, .20)",
    "key-text": "#8E0F13", "watch-text": "#5C3600", "normal-text": "#0B4F48", "bar": "#41536E",
}  # fmt: skip


def stylesheet() -> str:
    """The CSS of all tokens: dark unless the document says light."""
    return (
        "\n".join(
            [
                "/* Written by dashboard/theme.py: change the tokens there. */",
                _block(":root", SHARED | DARK),
                _block(':root[data-theme="light"]', LIGHT),
                _block("@media print { :root", LIGHT) + " }",
                _block("@media screen and (prefers-contrast: more) { :root", MORE_DARK) + " }",
                _block('@media screen and (prefers-contrast: more) { :root[data-theme="light"]', MORE_LIGHT) + " }",
            ]
        )
        + "\n"
    )


def _block(selector: str, tokens: dict[str, object]) -> str:
    lines = [f"  --{name}: {value};" for name, value in tokens.items()]
    return "\n".join([f"{selector} {{", *lines, "}"])


def write_stylesheet() -> None:
    """Renews the file that browsers load."""
    FILE.write_text(stylesheet(), encoding="utf-8")


if __name__ == "__main__":
    write_stylesheet()

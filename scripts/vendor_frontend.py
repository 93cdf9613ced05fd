"""Takes the icons and the licences of the bundled libraries from npm (exact versions) and writes them into the assets.

The libraries themselves come in by scripts/build_frontend.sh, as package.json pins them. Needs node and npm; only whoever
changes a version runs it: what it writes is part of the repository.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "dashboard" / "assets"
BUNDLED: dict[str, str] = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]
#: Come along inside the bundle, so their licences do too.
INSIDE = ("@mapbox/point-geometry", "kdbush")
#: Served as they are, when a page needs them: package, version, file.
COPIED = {"plotly.js-basic-dist-min": ("4.1.1", "plotly-basic.min.js")}
TOOLS = {"@tabler/icons": "3.51.0"}
ICONS = (
    "anchor", "bolt", "building", "building-bank", "building-hospital", "building-store", "bus-stop", "camera", "map-pin",
    "school", "tractor", "stack-2", "maximize", "plus", "minus", "polygon", "alert-circle", "ripple", "chevron-down",
    "focus-2", "repeat",
)  # fmt: skip


def main() -> None:
    """Renews the vendor folder and the icons of the map."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        install(place)
        copy_licences(place / "node_modules")
        copy_scripts(place / "node_modules")
        copy_icons(place / "node_modules" / "@tabler" / "icons")
    write_icon_styles()
    write_readme()


def install(place: Path) -> None:
    copied = {name: version for name, (version, _) in COPIED.items()}
    wanted = [f"{name}@{version}" for name, version in (BUNDLED | TOOLS | copied).items()]
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--no-save", *wanted], cwd=place, check=True)


def copy_licences(modules: Path) -> None:
    for name in (*BUNDLED, *INSIDE, *COPIED):
        found = next(path for path in (modules / name).iterdir() if path.name.upper().startswith("LICENSE"))
        shutil.copy(found, ASSETS / "vendor" / f"LICENSE.{name.strip('@').replace('/', '-')}")


def copy_scripts(modules: Path) -> None:
    for name, (_, file) in COPIED.items():
        shutil.copy(modules / name / file, ASSETS / "vendor" / file)


def copy_icons(package: Path) -> None:
    for name in ICONS:
        drawing = (package / "icons" / "outline" / f"{name}.svg").read_text("utf-8")
        target = ASSETS / "icons" / f"{name}.svg"
        if not target.exists():
            target.write_text(drawing.replace('stroke-width="2"', 'stroke-width="1.75"'), "utf-8")


def write_icon_styles() -> None:
    names = sorted(path.stem for path in (ASSETS / "icons").glob("*.svg"))
    rules = "".join(f'.icon-{name} {{ --icon: url("../icons/{name}.svg"); }}\n' for name in names)
    head = "/* Icons inside the bundle: one request for all of them (written by scripts/vendor_frontend.py). */\n"
    (ASSETS / "styles" / "15_icons.css").write_text(head + rules, "utf-8")


def write_readme() -> None:
    served = {name: f"{version}, served as {file}" for name, (version, file) in COPIED.items()}
    rows = "\n".join(f"- {name} {version}" for name, version in (BUNDLED | served).items())
    (ASSETS / "vendor" / "README.md").write_text(
        "# Libraries of the browser\n\nWritten by `python scripts/vendor_frontend.py` (do not edit); licences beside.\n\n"
        f"{rows}\n",
        "utf-8",
    )


if __name__ == "__main__":
    main()

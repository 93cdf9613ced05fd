"""GeoPackages as plain tables of a database in memory: no view, trigger, function or extension of theirs runs."""

from __future__ import annotations

import sqlite3
from typing import Any

import shapely

from imports.layers import Layer, choose, shape_of
from imports.report import InputError

ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
MAGIC = b"SQLite format 3\x00"
#: Bytes 18 and 19 of the header: 2 means that a log beside the file belongs to it, which a copy in memory has not.
LOG_MARK, WITH_LOG = slice(18, 20), b"\x02\x02"
ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
EMPTY_FLAG, EXTENDED_FLAG = 0x10, 0x20
MOST_COLUMNS = 2000


def read_geopackage(name: str, content: bytes, wanted: str | None) -> Layer:
    """The layer that is named, or the only one with rows. Raises InputError."""
    if not content.startswith(MAGIC):
        raise InputError(f"{name}: is no GeoPackage by its first bytes.")
    if content[LOG_MARK] == WITH_LOG:
        content = content[:18] + b"\x01\x01" + content[20:]
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(content)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.text_factory = bytes
        connection.set_authorizer(_allow)
        return _read(name, connection, wanted)
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: holds texts that are not UTF-8.") from error
    except (sqlite3.Error, sqlite3.Warning, OverflowError, MemoryError) as error:
        raise InputError(f"{name}: cannot be read as a GeoPackage: {str(error)[:120]}.") from error
    finally:
        connection.close()


def _allow(action: int, first: str | None, second: str | None, database: str | None, inner: str | None) -> int:
    """Reading of plain tables only; `inner` is the view or trigger that asks."""
    return sqlite3.SQLITE_OK if action in ALLOWED and inner is None else sqlite3.SQLITE_DENY


def _read(name: str, connection: sqlite3.Connection, wanted: str | None) -> Layer:
    tables = {
        row[0].decode()
        for row in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        if row[1] and not row[1].lstrip().lower().startswith(b"create virtual")
    }
    if not {"gpkg_contents", "gpkg_geometry_columns"} <= tables:
        raise InputError(f"{name}: holds no tables of a GeoPackage.")
    geometries = {
        table.decode(): (column.decode(), number)
        for table, column, number in connection.execute(
            "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns"
        )
    }
    known = {row[0].decode() for row in connection.execute("SELECT table_name FROM gpkg_contents")}
    layers = [layer for layer in geometries if layer in tables and layer in known]
    chosen = _chosen(name, connection, layers, wanted, views=[one for one in geometries if one not in tables])
    column, number = geometries[chosen]
    return _layer(name, connection, chosen, column, _crs(connection, number))


def _chosen(
    name: str, connection: sqlite3.Connection, layers: list[str], wanted: str | None, views: list[str]
) -> str:
    if wanted in views:
        raise InputError(f"{name}: the layer '{wanted}' is a view, which is not run; save it as a table.")
    if wanted is None and len(layers) > 1:
        layers = [layer for layer in layers if _first(connection, layer) is not None] or layers[:1]
    if not layers and views:
        raise InputError(f"{name}: its layers ({', '.join(views[:10])}) are views, which are not run; save them as tables.")
    return choose(name, "layer", layers, wanted, "--layer")


def _first(connection: sqlite3.Connection, layer: str) -> Any:
    return connection.execute(f"SELECT * FROM {_quoted(layer)} LIMIT 1").fetchone()


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _crs(connection: sqlite3.Connection, number: int) -> str | None:
    """EPSG:n or WKT; None for the two numbers that mean 'not known'."""
    if number in (0, -1):
        return None
    row = connection.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?", (number,)
    ).fetchone()
    if row is None:
        return f"EPSG:{number}"
    organisation, code, definition = row
    return f"EPSG:{code}" if organisation.decode().upper() == "EPSG" else definition.decode()


def _layer(name: str, connection: sqlite3.Connection, table: str, geometry: str, crs: str | None) -> Layer:
    cursor = connection.execute(f"SELECT * FROM {_quoted(table)}")
    names = [column[0] for column in cursor.description]
    place = next((at for at, column in enumerate(names) if column.casefold() == geometry.casefold()), None)
    if place is None:
        raise InputError(f"{name}: the layer '{table}' has no column '{geometry}'.")
    rows, shapes, faults = [], [], {}
    for number, values in enumerate(cursor, 1):
        rows.append({column: _plain(values[at]) for at, column in enumerate(names) if at != place})
        shape, fault = _geometry(values[place])
        shapes.append(shape)
        if fault:
            faults[number] = fault
    return Layer(tuple(column for column in names if column != names[place]), rows, shapes, crs=crs, faults=faults)


def _plain(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) and value.isascii() else _text(value)


def _text(value: Any) -> Any:
    """Texts are strict UTF-8; what is binary (a picture) is no value of ours."""
    if not isinstance(value, bytes):
        return value
    return None if b"\x00" in value else value.decode()


def _geometry(blob: Any) -> tuple[shapely.Geometry | None, str]:
    """The well-known binary behind the header 'GP', version, flags, reference system, envelope."""
    if blob is None:
        return None, ""
    if not isinstance(blob, bytes) or not blob.startswith(b"GP") or len(blob) < 8:
        return None, "is no geometry of a GeoPackage"
    flags = blob[3]
    envelope = ENVELOPES.get((flags >> 1) & 0x07)
    if envelope is None or flags & EXTENDED_FLAG:
        return None, "is of a kind that only its own program reads"
    return shape_of(blob[8 + envelope :])

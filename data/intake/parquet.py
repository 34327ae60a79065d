"""Parquet and GeoParquet -> a raw table, within limits on rows, columns and unpacked size."""

import io
import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.errors import DataError
from data.intake.geoformats import MAX_FEATURES, layer_turned, table_of_shapes
from data.tables import MAX_COLUMNS, RawTable

BATCH_ROWS = 50_000


def read_parquet(name: str, content: bytes, max_bytes: int) -> list[RawTable]:
    """The rows of a Parquet file; a GeoParquet's geometry gives lat and lon in WGS 84.

    Parameters
    ----------
    name : of the file, for messages
    content : its bytes
    max_bytes : of what it unpacks to

    Raises
    ------
    DataError
        If it is damaged, larger than the limits once unpacked, or in a geometry other than WKB.
    """
    try:
        table = _read(name, content, max_bytes)
    except pa.ArrowException as problem:
        raise DataError(
            f"{name}: not a Parquet file that can be read", key="parquet_unreadable", where=name
        ) from problem
    geo = json.loads((table.schema.metadata or {}).get(b"geo", b"{}"))
    column = geo.get("primary_column", "")
    if column not in table.column_names:
        return [table_of_shapes("", _texts(name, table), None, [])]
    shapes, notes = _shapes(name, table, column, geo["columns"][column])
    return [table_of_shapes("", _texts(name, table.drop_columns([column])), shapes, notes)]


def _read(name: str, content: bytes, max_bytes: int) -> pa.Table:
    """The table, in batches whose unpacked size is counted before their words are spelled out."""
    source = pa.BufferReader(content)
    schema = pq.read_schema(source)
    words = [
        field.name
        for field in schema
        if pa.types.is_string(field.type)
        or pa.types.is_large_string(field.type)
        or pa.types.is_binary(field.type)
        or pa.types.is_large_binary(field.type)
    ]
    file = pq.ParquetFile(io.BytesIO(content), read_dictionary=words)
    about = file.metadata
    if about.num_rows > MAX_FEATURES or about.num_columns > MAX_COLUMNS:
        raise DataError(
            f"{name}: {about.num_rows} rows and {about.num_columns} columns; at most "
            f"{MAX_FEATURES} and {MAX_COLUMNS}",
            key="parquet_large", where=name, n=about.num_rows, columns=about.num_columns,
            most=MAX_FEATURES, most_columns=MAX_COLUMNS,
        )  # fmt: skip
    promised = sum(about.row_group(at).total_byte_size for at in range(about.num_row_groups))
    _within(name, promised, max_bytes)
    total, batches = 0, []
    for batch in file.iter_batches(BATCH_ROWS):
        total += sum(_unpacked(column) for column in batch.columns)
        _within(name, total, max_bytes)
        batches.append(batch)
    plain = file.schema_arrow.remove_metadata() if not batches else batches[0].schema
    table = pa.Table.from_batches(batches, schema=plain)
    for at, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            spelled = table.column(at).cast(field.type.value_type)
            table = table.set_column(at, field.name, spelled)
    return table.replace_schema_metadata(file.schema_arrow.metadata)


def _within(name: str, unpacked: int, max_bytes: int) -> None:
    if unpacked > max_bytes:
        raise DataError(
            f"{name}: unpacks to far more than it holds; refused as a zip bomb",
            key="zip_bomb", where=name,
        )  # fmt: skip


def _unpacked(column: pa.Array) -> int:
    """Bytes of a column once every word of its dictionary stands where it is used."""
    if not pa.types.is_dictionary(column.type):
        return column.nbytes
    lengths = pc.cast(pc.binary_length(column.dictionary), pa.int64())
    return (pc.sum(lengths.take(column.indices)).as_py() or 0) + 4 * len(column)


def _shapes(
    name: str, table: pa.Table, column: str, about: dict[str, Any]
) -> tuple[np.ndarray, list[str]]:
    """The shapes of a GeoParquet's primary column in WGS 84, and what was done to them."""
    import geopandas as gpd
    from pyproj import CRS

    if about.get("encoding") != "WKB":
        given = str(about.get("encoding"))[:20]
        raise DataError(
            f"{name}: the geometry of this Parquet is written as {given}; write it as WKB",
            key="parquet_encoding", where=name, given=given,
        )  # fmt: skip
    crs = about.get("crs", "OGC:CRS84")  # what is not said is WGS 84 by the standard
    if crs is None:
        raise DataError(f"{name}: no CRS is declared", key="no_crs", where=name)
    crs = CRS.from_user_input(crs)
    cells = table.column(column).to_numpy(zero_copy_only=False)
    shapes = gpd.GeoSeries.from_wkb(cells, crs=crs)
    if crs.to_epsg() == 4326 or str(crs.to_authority()) == "('OGC', 'CRS84')":
        return np.asarray(shapes, dtype=object), []
    notes = [layer_turned(column, crs.name)]
    return np.asarray(shapes.to_crs("EPSG:4326"), dtype=object), notes


def _texts(name: str, table: pa.Table) -> pd.DataFrame:
    """Every column as Python values; typed cells become text where rows are made."""
    columns = {each: table.column(at).to_pylist() for at, each in enumerate(table.column_names)}
    if len(columns) < table.num_columns:
        raise DataError(
            f"{name}: a Parquet file with two columns of one name",
            key="parquet_columns",
            where=name,
        )
    return pd.DataFrame(columns, dtype=object)

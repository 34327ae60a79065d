"""A small invented assessment near Entikong (DATA SINTETIS), in the shape `cli.py assess` writes.

The ground is hand-typed: a land polygon south of a rough border line, cut into five strips
called kecamatan. Nothing here is a record of anything that happened.
"""

import itertools
import json
from dataclasses import dataclass
from pathlib import Path

import h3
import numpy as np
import pandas as pd

from data.schema import EVENT
from data.store.records import Store
from settings import load_settings

BORDER = [
    [109.60, 1.32], [109.75, 1.42], [109.95, 1.38], [110.05, 1.30], [110.20, 1.10], [110.32, 0.99],
    [110.45, 0.94], [110.57, 0.86], [110.72, 0.95], [110.88, 0.91], [110.98, 1.03],
]  # fmt: skip
SOUTH = 0.33
STRIPS = [
    ("61.07.07", "Jagoi Babang", "61.07", 109.60, 109.98),
    ("61.07.12", "Siding", "61.07", 109.98, 110.20),
    ("61.03.21", "Entikong", "61.03", 110.20, 110.45),
    ("61.03.07", "Sekayam", "61.03", 110.45, 110.72),
    ("61.05.06", "Ketungau Hulu", "61.05", 110.72, 110.98),
]
KABUPATEN = {"61.07": "Bengkayang", "61.03": "Sanggau", "61.05": "Sintang"}
GROUPS = {
    "all": 1.0, "outbound": 0.55, "inbound": 0.45, "crossing_sighting": 0.40,
    "interception_out": 0.22, "interception_in": 0.18, "community_report": 0.20,
}  # fmt: skip
HORIZONS = [1, 4, 12]
CUTOFF = pd.Timestamp("2026-11-22")
CONFIG = """
[area]
name = "Kalimantan Barat (dunia uji)"
land = "kabupaten.geojson"
districts = "kabupaten.geojson"
subdistricts = "kecamatan.geojson"
border = "border.geojson"
backdrop = "backdrop.geojson"
towns = "towns.csv"
desa = "desa.csv"
posts = "posts.csv"
resolution = 7

[store]
url = "sqlite:///records.db"
folder = "var"

[hotspots]
coverage = 0.03

[plan]
roster = "roster.toml"
plans = 12
time_limit_s = 5.0
"""
#: four invented teams at three places, and a market day
ROSTER = """
synthetic = true

[[closed]]
desa_code = "61.03.21.2007"
days = ["sat"]
reason = "hari pasar"
""" + "".join(
    f"""
[[team]]
team_id = "UJI-{number}"
post_id = "pos-{post}"
post = "Pos {name} (DATA SINTETIS)"
lat = {lat}
lon = {lon}
mode = "{mode}"
hours_per_week = 40
shift_hours = 8
"""
    for number, post, name, lat, lon, mode in (
        (1, "a", "Uji Barat", 1.18, 110.02, "motorbike"),
        (2, "b", "Uji Tengah", 0.90, 110.34, "motorbike"),
        (3, "b", "Uji Tengah", 0.90, 110.34, "motorbike"),
        (4, "c", "Uji Timur", 0.80, 110.80, "foot"),
    )
)
GROWTH = {1: 0.25, 4: 1.0, 12: 2.9}


@dataclass(frozen=True)
class World:
    """What the app needs from the store and the area, in one invented piece."""

    meta: dict
    frames: dict[str, pd.DataFrame]
    events: pd.DataFrame
    layers: dict[str, dict]
    towns: pd.DataFrame
    posts: pd.DataFrame
    desa: pd.DataFrame

    def write(self, folder: Path, earlier: bool = False) -> Path:
        """Settings, area files and a store with this assessment; gives the path of config.toml.

        With `earlier` there is one of the week before as well, with a tenth less of everything.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for name, layer in self.layers.items():
            (folder / f"{name}.geojson").write_text(json.dumps(layer), encoding="utf-8")
        for name in ("towns", "posts", "desa"):
            getattr(self, name).to_csv(folder / f"{name}.csv", index=False)
        config = folder / "config.toml"
        config.write_text(CONFIG, encoding="utf-8")
        (folder / "roster.toml").write_text(ROSTER, encoding="utf-8")
        settings = load_settings(config)
        store = Store(settings.store.url, settings.store.folder)
        store.create()
        store.ingest(Delivery(self.events))
        if earlier:
            risk = self.frames["risk"]
            less = {name: risk[name] * 0.9 for name in ("risk", "lo", "hi", "previous")}
            week = {"cutoff": f"{CUTOFF - pd.Timedelta(weeks=1):%Y-%m-%d}"}
            frames = {**self.frames, "risk": risk.assign(**less)}
            store.write_assessment(frames, {**self.meta, **week})
        store.write_assessment(self.frames, self.meta)
        return config


@dataclass
class Delivery:
    """The invented records in the shape `data.intake.read` hands over."""

    kept: pd.DataFrame
    kind: str = "events"
    sha256: str = "sintetis"
    source_name: str = "sintetis"
    synthetic: bool = True
    notes: tuple[str, ...] = ()

    @property
    def set_aside(self) -> pd.DataFrame:
        columns = ["source_file", "source_sheet", "source_line", "original", "reasons"]
        return pd.DataFrame(columns=columns)

    @property
    def n_read(self) -> int:
        return len(self.kept)


def make_world(seed: int = 7, resolution: int = 7) -> World:
    """Invent the whole world; the same seed gives the same world."""
    rng = np.random.default_rng(seed)
    ids = _cells(resolution)
    lat, lon = (np.array(axis) for axis in zip(*(h3.cell_to_latlng(c) for c in ids), strict=True))
    desa = _desa(rng)
    cells = _cell_table(ids, lat, lon, desa, rng)
    intensity = _intensity(cells, rng)
    frames = {
        "cells": cells,
        "risk": _risk(cells, intensity, rng),
        "effort": _effort(cells, rng),
        "scores": _scores(rng),
    }
    events = _events(cells, intensity, rng)
    frames["history"] = _history(events)
    frames["reasons"] = _reasons(cells, frames["risk"])
    recent = frames["effort"][frames["effort"]["week"] > CUTOFF - pd.Timedelta(weeks=12)]
    minutes = recent.groupby("cell")["minutes"].sum().reindex(cells["cell"]).fillna(0).to_numpy()
    cells["effort_minutes_12w"], cells["observed"] = minutes, minutes > 0
    last = frames["effort"].groupby("cell")["week"].max().reindex(cells["cell"])
    cells["weeks_since_visit"] = ((CUTOFF - last).dt.days / 7).round().to_numpy()
    year = frames["history"][frames["history"]["week"] > CUTOFF - pd.Timedelta(weeks=52)]
    counts = year.groupby("cell")["weight"].sum().reindex(cells["cell"]).fillna(0).to_numpy()
    cells["events_52w"] = counts
    cells["trend"] = np.where(
        counts > 3, "intensifying_hot", np.where(counts > 1, "sporadic_hot", "none")
    )
    return World(
        meta=_meta(frames["risk"]),
        frames=frames,
        events=EVENT.typed(events.drop(columns="_place")),
        layers=_layers(),
        towns=_towns(),
        posts=_posts(),
        desa=desa,
    )


def _cells(resolution: int) -> list[str]:
    ring = [*BORDER, [BORDER[-1][0], SOUTH], [BORDER[0][0], SOUTH]]
    shape = h3.LatLngPoly([(lat, lon) for lon, lat in ring])
    return sorted(h3.h3shape_to_cells(shape, resolution))


def _desa(rng) -> pd.DataFrame:
    rows = []
    for code, name, kabupaten, west, east in STRIPS:
        for number in range(9):
            lon = west + (east - west) * (0.2 + 0.3 * (number % 3))
            north = np.interp(lon, *np.array(BORDER).T)
            lat = SOUTH + (north - SOUTH) * (0.15 + 0.32 * (number // 3))
            rows.append(
                {
                    "desa_code": f"{code}.{2001 + number}",
                    "desa": f"Desa {name.split()[0]} {number + 1}",
                    "kecamatan_code": code,
                    "kabupaten_code": kabupaten,
                    "lat": lat + rng.normal(0, 0.02),
                    "lon": lon + rng.normal(0, 0.02),
                }
            )
    return pd.DataFrame(rows)


def _cell_table(ids, lat, lon, desa, rng) -> pd.DataFrame:
    strip = np.clip(np.searchsorted([s[3] for s in STRIPS], lon, side="right") - 1, 0, 4)
    away = (
        np.hypot(lat[:, None] - desa["lat"].to_numpy(), lon[:, None] - desa["lon"].to_numpy())
        * 111.2
    )
    near = away.argmin(axis=1)
    border = (np.interp(lon, *np.array(BORDER).T) - lat) * 111.2
    post = np.hypot(lat - 0.97, lon - 110.32) * 111.2
    return pd.DataFrame(
        {
            "cell": ids,
            "lat": lat,
            "lon": lon,
            "area_km2": [h3.cell_area(c, "km^2") for c in ids],
            "kabupaten_code": [STRIPS[s][2] for s in strip],
            "kecamatan_code": [STRIPS[s][0] for s in strip],
            "desa_code": desa["desa_code"].to_numpy()[near],
            "desa": desa["desa"].to_numpy()[near],
            "dist_border_km": np.maximum(border, 0.2),
            "dist_desa_km": away.min(axis=1),
            "dist_town_id_km": post + 5,
            "dist_town_my_km": border + 12,
            "dist_post_km": post,
            "dist_coast_km": np.full(len(ids), 95.0),
            "pop_km2_proxy": rng.gamma(2, 9, len(ids)),
            "elev_m": rng.gamma(3, 40, len(ids)),
            "relief_m": rng.gamma(2, 60, len(ids)),
            "forest": rng.uniform(0, 1, len(ids)),
        }
    )


def _intensity(cells: pd.DataFrame, rng) -> np.ndarray:
    """Expected events per cell in four weeks: high near the border, at a few invented places."""
    lat, lon = cells["lat"].to_numpy(), cells["lon"].to_numpy()
    peaks = [(110.28, 0.97, 9), (110.08, 1.20, 6), (109.86, 1.36, 5), (110.62, 0.86, 4),
             (110.84, 0.86, 3), (110.50, 0.88, 4)]  # fmt: skip
    rate = 0.002 * np.exp(-cells["dist_border_km"].to_numpy() / 14)
    for where, north, weight in peaks:
        away = np.hypot((lon - where) * 111.2, (lat - north) * 111.2)
        rate += weight * 0.02 * np.exp(-((away / 6.5) ** 2))
    return rate * rng.lognormal(0, 0.35, len(cells)) + 0.00005


def _risk(cells, intensity, rng) -> pd.DataFrame:
    parts = []
    change = rng.lognormal(0, 0.25, len(cells))
    for horizon in HORIZONS:
        for group, share in GROUPS.items():
            risk = intensity * share * GROWTH[horizon]
            spread = 1.35 + 0.5 * np.exp(-risk * 20)
            parts.append(
                pd.DataFrame(
                    {
                        "cell": cells["cell"],
                        "horizon_weeks": horizon,
                        "group": group,
                        "risk": risk,
                        "lo": risk / spread,
                        "hi": risk * spread,
                        "previous": risk / change,
                        "doubt": np.where(cells["dist_post_km"] > 55, "effort", ""),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def _effort(cells, rng) -> pd.DataFrame:
    """Patrols near the post, hardly any far from it: most of the ground nobody has looked at."""
    chance = np.exp(-((cells["dist_post_km"].to_numpy() / 28) ** 2)) * 0.35
    chance += 0.12 * (cells["dist_border_km"].to_numpy() < 5)
    weeks = pd.date_range(CUTOFF - pd.Timedelta(weeks=52, days=-1), periods=52, freq="7D")
    parts = []
    for week in weeks:
        seen = np.flatnonzero(rng.random(len(cells)) < chance * 0.25)
        minutes = rng.gamma(2, 45, len(seen)).round()
        parts.append(
            pd.DataFrame(
                {
                    "cell": cells["cell"].to_numpy()[seen],
                    "week": week,
                    "minutes": minutes,
                    "km": minutes / 25,
                    "visits": rng.integers(1, 4, len(seen)),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _events(cells, intensity, rng) -> pd.DataFrame:
    n = 420
    pick = rng.choice(len(cells), n, p=intensity / intensity.sum())
    kinds = rng.choice(
        ["crossing_sighting", "interception_out", "interception_in", "community_report"],
        n, p=[0.4, 0.22, 0.18, 0.2],
    )  # fmt: skip
    precision = rng.choice(["gps", "landmark", "desa"], n, p=[0.5, 0.3, 0.2])
    start = (CUTOFF - pd.to_timedelta(rng.uniform(0, 364 * 24, n), unit="h")).tz_localize("UTC")
    exact = precision != "desa"
    agency = rng.choice(["satgas_pamtas", "imigrasi", "bp3mi", "polda"], n)
    frame = pd.DataFrame(
        {
            "event_id": [f"{a.upper()}:{1000 + i}" for i, a in enumerate(agency)],
            "source_agency": agency,
            "source_record_id": [str(1000 + i) for i in range(n)],
            "source_version": 1,
            "record_status": "new",
            "event_type": kinds,
            "detection": np.where(kinds == "community_report", "reported", "discovered"),
            "direction": np.where(kinds == "interception_in", "inbound", "outbound"),
            "count_unit": np.where(kinds == "community_report", "report", "group"),
            "n_persons": pd.array(rng.integers(1, 14, n), dtype="Int64"),
            "event_start": start,
            "time_precision": "day",
            "reported_at": start + pd.Timedelta(days=2),
            "received_at": start + pd.Timedelta(days=5),
            "location_role": "occurred",
            "geo_precision": precision,
            "admin_code": cells["desa_code"].to_numpy()[pick],
            "sensitivity": "restricted",
            "lat": np.where(exact, cells["lat"].to_numpy()[pick] + rng.normal(0, 0.003, n), np.nan),
            "lon": np.where(exact, cells["lon"].to_numpy()[pick] + rng.normal(0, 0.003, n), np.nan),
            "uncertainty_km": np.select(
                [precision == "gps", precision == "landmark"], [0.1, 1.5], 4
            ),
            "cell": np.where(exact, cells["cell"].to_numpy()[pick], ""),
            "quality_flags": "",
            "import_id": 1,
            "source_file": "sintetis.csv",
            "source_line": np.arange(2, n + 2),
            "synthetic": True,
        }
    )
    frame["_place"] = cells["cell"].to_numpy()[pick]
    return frame


def _history(events: pd.DataFrame) -> pd.DataFrame:
    local = events["event_start"].dt.tz_convert("Asia/Pontianak").dt.tz_localize(None)
    week = (local - pd.to_timedelta(local.dt.day_of_week, unit="D")).dt.normalize()
    frame = events.assign(week=week, cell=events["_place"], weight=1.0)
    keys = ["cell", "week", "event_type", "direction"]
    return frame.groupby(keys, as_index=False)["weight"].sum()


def _reasons(cells, risk) -> pd.DataFrame:
    top = risk[risk["group"] == "all"].sort_values("risk", ascending=False)
    top = top.groupby("horizon_weeks").head(400)
    base = cells.set_index("cell")
    parts = []
    for reason, contribution, column in [
        ("border", 0.9, "dist_border_km"),
        ("recent_here", 0.7, "dist_desa_km"),
        ("post", -0.2, "dist_post_km"),
    ]:
        parts.append(
            top[["cell", "horizon_weeks"]].assign(
                reason=reason,
                contribution=contribution,
                value=base[column].reindex(top["cell"]).to_numpy(),
            )
        )
    return pd.concat(parts, ignore_index=True)


def _scores(rng) -> pd.DataFrame:
    rows = []
    level = {"pool": (1.42, 0.62), "etas": (1.31, 0.58), "decayed_kde": (1.18, 0.55),
             "kde": (0.95, 0.49), "count": (0.71, 0.44)}  # fmt: skip
    starts = pd.date_range("2025-11-24", periods=12, freq="28D")
    for horizon, month in itertools.product(HORIZONS, starts):
        n = int(rng.integers(18, 45))
        for model, (gain, hit) in level.items():
            found = float(np.clip(hit + rng.normal(0, 0.05), 0, 1))
            rows.append(
                {
                    "model": model,
                    "horizon_weeks": horizon,
                    "period_start": month,
                    "n_events": n,
                    "n_outside": 0,
                    "ig": gain + rng.normal(0, 0.12),
                    "hit01": found * 0.45,
                    "hit02": found * 0.7,
                    "hit05": found,
                    "hit10": min(1, found * 1.25),
                    "pai05": found / 0.05,
                    "pei05": found / 0.95,
                    "kept05": np.nan if month == starts[0] else 0.25 + 0.6 * found,
                    "kept02": np.nan if month == starts[0] else 0.7 * found,
                    "deviance": 0.4,
                    "expected": n * 1.04,
                    "observed": float(n),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _meta(risk: pd.DataFrame) -> dict:
    totals = {}
    for horizon in HORIZONS:
        part = risk[(risk["horizon_weeks"] == horizon) & (risk["group"] == "all")]
        expected = float(part["risk"].sum())
        totals[str(horizon)] = {"expected": expected, "lo": expected * 0.8, "hi": expected * 1.25}
    return {
        "id": "20261123-060000",
        "created_at": "2026-11-22T23:00:00+00:00",
        "area": "Kalimantan Barat (dunia uji)",
        "resolution": 7,
        "cutoff": "2026-11-22",
        "data_version": "d3f9a1",
        "model_version": "0.1.0",
        "settings_version": "s-77b2",
        "synthetic": True,
        "horizons": HORIZONS,
        "groups": list(GROUPS),
        "coverage_default": 0.02,
        "interval": 0.8,
        "period_weeks": 1,
        "best_baseline": "etas",
        "chosen_model": "pool",
        "fallback": False,
        "totals": totals,
        "method": {"detection": {"strength_per_hour": {"patrol": 0.7}}},
        "handling": "DATA SINTETIS. Terbatas: tidak untuk disebarluaskan.",
        "licence": "ODbL 1.0 (batas dan lapisan turunannya); data kejadian: sintetis",
    }


def _feature(properties: dict, kind: str, coordinates) -> dict:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def _collection(features: list[dict]) -> dict:
    return {"type": "FeatureCollection", "features": features}


def _strip_ring(west: float, east: float) -> list:
    line = np.array(BORDER)
    inner = [p for p in BORDER if west < p[0] < east]
    top = [[west, float(np.interp(west, *line.T))], *inner, [east, float(np.interp(east, *line.T))]]
    return [[*top, [east, SOUTH], [west, SOUTH], top[0]]]


def _layers() -> dict[str, dict]:
    kecamatan = [
        _feature(
            {"code": code, "name": name, "kabupaten_code": kabupaten},
            "Polygon", _strip_ring(west, east),
        )
        for code, name, kabupaten, west, east in STRIPS
    ]  # fmt: skip
    kabupaten = []
    for code, name in KABUPATEN.items():
        parts = [s for s in STRIPS if s[2] == code]
        ring = _strip_ring(parts[0][3], parts[-1][4])
        kabupaten.append(
            _feature({"code": code, "name": name, "kabupaten_code": code}, "Polygon", ring)
        )
    box = [[[109.2, 0.1], [111.4, 0.1], [111.4, 1.9], [109.75, 1.9], [109.2, 1.4], [109.2, 0.1]]]
    return json.loads(
        json.dumps(
            {
                "backdrop": _collection(
                    [_feature({"code": "", "name": "daratan"}, "Polygon", box)]
                ),
                "kabupaten": _collection(kabupaten),
                "kecamatan": _collection(kecamatan),
                "border": _collection(
                    [_feature({"code": "", "name": "batas"}, "LineString", BORDER)]
                ),
            }
        )
    )


def _towns() -> pd.DataFrame:
    rows = [
        ("Entikong", "ID", 0.93, 110.34, 15000), ("Balai Karangan", "ID", 0.83, 110.40, 9000),
        ("Jagoi Babang", "ID", 1.28, 109.98, 7000), ("Seluas", "ID", 1.17, 109.83, 4000),
        ("Senaning", "ID", 0.80, 110.84, 2500), ("Serian", "MY", 1.17, 110.57, 20000),
        ("Tebedu", "MY", 1.02, 110.36, 5000), ("Kuching", "MY", 1.55, 110.34, 420000),
        ("Bau", "MY", 1.42, 110.15, 12000), ("Lundu", "MY", 1.67, 109.85, 9000),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["name", "country", "lat", "lon", "population"])
    return table.assign(rank=np.where(table["population"] > 100_000, 1, 2))


def _posts() -> pd.DataFrame:
    rows = [
        ("PLBN Entikong", "plbn", 0.975, 110.32, 0.1),
        ("PLBN Jagoi Babang", "plbn", 1.33, 110.0, 0.3),
        ("Pos Segumon (sintetis)", "pos_pamtas", 0.90, 110.62, 2.5),
        ("Pos Sungkung (sintetis)", "pos_pamtas", 1.12, 110.14, 3.0),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["name", "kind", "lat", "lon", "uncertainty_km"])
    return table.assign(
        post_id=table["name"].str.lower().str.replace(" ", "-"),
        kabupaten_code="61.03",
        confidence="high",
        note="",
    )

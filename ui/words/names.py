"""What a sector is called in words: KTK-2 Kantuk Asam, sisi timur.

Code, place and side come as columns of a row (`geo.naming.COLUMNS`); here the side becomes words
of a language and nothing is named anew. `name`, code and place, is the same in every language.
"""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from ui.words import number, t

#: a row of a table, by column
Row = Mapping[str, Any] | Mapping[Hashable, Any] | pd.Series


def full(row: Row, lang: str) -> str:
    """KTK-2 Kantuk Asam, sisi timur 9 km; the distance only where several lie on that side.

    A row of a plan that was made before sectors had codes keeps its village, or else its id.
    """
    name = row.get("name") or row.get("desa")
    if not isinstance(name, str):
        return str(row["sector"])
    side, away = row.get("side"), row.get("away_km")
    words = [t(f"side.{side}", lang)] if isinstance(side, str) and side else []
    if pd.notna(away):
        decimals = next((d for d in range(3) if round(away, d) == away), 3)
        words.append(f"{number(away, lang, decimals)} km")
    return f"{name}, {' '.join(words)}" if words else name


def fulls(table: pd.DataFrame, lang: str) -> list[str]:
    """The full name of each row."""
    return [full(row, lang) for row in table.to_dict("records")]


def on_map(code: str, sectors: pd.DataFrame, lang: str) -> str:
    """Which sectors of the map lie in a hexagon of a plan.

    Parameters
    ----------
    code : of the hexagon
    sectors : the ranked sectors of the map, with sector_code and plan_codes
    lang : of the words, "id" or "en"
    """
    ranks = range(1, len(sectors) + 1)
    rows = zip(ranks, sectors["sector_code"], sectors["plan_codes"], strict=True)
    there = [
        t("plan.on_map_one", lang, code=own, rank=rank)
        for rank, own, codes in rows
        if code in codes.split(", ")
    ]
    if not there:
        return t("plan.on_map_none", lang, code=code)
    return t("plan.on_map", lang, code=code, sectors=", ".join(there))


def dms(lat: float, lon: float, lang: str) -> str:
    """A place in degrees, minutes and seconds, as papers and radios say it.

    Parameters
    ----------
    lat, lon : degrees, WGS 84
    lang : of the letters, "id" (LU, LS, BT, BB) or "en"
    """
    signs = {"id": ("LU", "LS", "BT", "BB"), "en": ("N", "S", "E", "W")}[lang]
    parts = []
    for value, (plus, minus) in ((lat, signs[:2]), (lon, signs[2:])):
        tenths = round(abs(value) * 36_000)
        degrees, rest = divmod(tenths, 36_000)
        minutes, seconds = divmod(rest, 600)
        second = f"{seconds / 10:04.1f}".replace(".", "." if lang == "en" else ",")
        parts.append(f"{degrees}°{minutes:02d}′{second}″ {plus if value >= 0 else minus}")
    return " ".join(parts)

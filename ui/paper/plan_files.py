"""A plan as files people use: CSV, iCalendar (RFC 5545), GPX 1.1, KML 2.2. Text in, text out.

Every file says that a human decides, what it was made from, and, if so, that it is invented.
Places are centres of cells: no path on the ground is drawn or known.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

import h3
import pandas as pd

from ui.map import meridian
from ui.map.plan_scene import end_of
from ui.paper import gps
from ui.words import clock, names

INVENTED = "DATA SINTETIS"
#: orders that hold no more, one row per stop, and the meta of the plan whose they were
Gone = tuple[pd.DataFrame, Mapping[str, Any]]
#: language of these files
LANG = "id"
COLUMNS = (
    "order_id", "team_id", "agency", "post", "mode", "night", "seq", "sector", "sector_code",
    "name", "lat", "lon", "start", "arrive", "leave", "back", "travel_minutes", "stay_minutes",
    "return_minutes", "action", "explore", "chance", "shift_value", "elsewhere_value",
    "elsewhere_name", "note",
)  # fmt: skip
ACTIONS = {
    "patrol": "Patroli",
    "outreach": "Penyuluhan warga",
    "safe_migration_desk": "Meja migrasi aman",
    "shelter_referral": "Rujukan rumah aman",
    "checkpoint": "Pos pemeriksaan",
}


def orders_table(orders: pd.DataFrame, about: Mapping[str, Any]) -> pd.DataFrame:
    """One line per stop, local times, with versions and note as further columns.

    Whoever writes it to a file keeps a spreadsheet from taking a text for a formula.
    """
    if "name" in orders:
        orders = orders.assign(name=names.fulls(orders, LANG))
    columns = [name for name in COLUMNS if name in orders]
    notes = stamp(about)
    rows = [
        [_cell(value) for value in (*row, *notes.values())]
        for row in orders[columns].itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=[*columns, *notes], dtype=object)


def calendar(
    orders: pd.DataFrame, about: Mapping[str, Any], made: pd.Timestamp, gone: Sequence[Gone] = ()
) -> str:
    """iCalendar with one event per shift, in UTC; the same order keeps its UID in every version.

    Parameters
    ----------
    orders : one row per stop
    about : meta of the plan's version
    made : moment of the plan's version (UTC), for DTSTAMP
    gone : orders that earlier files told of and that hold no more: they are cancelled
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//kalbar-risk//rencana patroli//ID",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(_title(about))}",
    ]
    status = {"signed": "CONFIRMED", "withdrawn": "CANCELLED"}.get(about.get("status", ""))
    for _, part in orders.groupby("order_id", sort=True):
        lines += _event(part, about, made, status or "TENTATIVE")
    for past, theirs in gone:
        for _, part in past.groupby("order_id", sort=True):
            lines += _event(part, theirs, made, "CANCELLED")
    lines.append("END:VCALENDAR")
    return "".join(_fold(line) + "\r\n" for line in lines)


def _event(
    part: pd.DataFrame, about: Mapping[str, Any], made: pd.Timestamp, status: str
) -> list[str]:
    """One shift; its SEQUENCE is the number of versions before this one, so it rises with each."""
    part = part.sort_values("seq")
    first = part.iloc[0]
    places = ", ".join(dict.fromkeys(_place(row) for _, row in part.iterrows()))
    stops = "\n".join(
        f"{row.arrive:%H:%M}-{row.leave:%H:%M} {_place(row)}: {_action(row)}"
        for _, row in part.iterrows()
    )
    mark = f"{INVENTED} " if about.get("synthetic") else ""
    mark += "DIBATALKAN: " if status == "CANCELLED" else ""
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(about.get('plan', 'plan'))}-{_text(first['order_id'])}@kalbar-risk",
        f"SEQUENCE:{int(about.get('version', 1)) - 1}",
        f"DTSTAMP:{_utc(made)}",
        f"DTSTART:{_utc(clock.in_utc(first['start']))}",
        f"DTEND:{_utc(clock.in_utc(end_of(part)))}",
        f"SUMMARY:{_text(f'{mark}{first.team_id}: {places}')}",
        f"DESCRIPTION:{_text(stops + chr(10) + _note(about))}",
        f"GEO:{float(first['lat']):.6f};{float(first['lon']):.6f}",
        f"STATUS:{status}",
        *(["TRANSP:TRANSPARENT"] if status == "CANCELLED" else []),
        "CLASS:CONFIDENTIAL",
        "END:VEVENT",
    ]


def routes_gpx(orders: pd.DataFrame, about: Mapping[str, Any]) -> str:
    """GPX 1.1: one route per shift through cell centres, out and back, and each stop by name."""
    body = []
    for _, part in orders.groupby("order_id", sort=True):
        part = part.sort_values("seq")
        body.append(f"<rte><name>{gps.plain(_route_name(part, about))}</name>")
        body.append(f"<desc>{gps.plain(_note(about))}</desc>")
        for lat, lon, label in points(part):
            inner = f"<name>{gps.plain(label)}</name>" if label else ""
            body.append(f'<rtept lat="{lat:.6f}" lon="{lon:.6f}">{inner}</rtept>')
        body.append("</rte>")
    return gps.gpx(body, _note(about), _title(about))


def _route_name(part: pd.DataFrame, about: Mapping[str, Any]) -> str:
    """A-1 2026-11-30 18:15 KTK-2 JGB-1 SINTETIS: what a small screen shows of a route."""
    first = part.iloc[0]
    codes = part["sector_code"].drop_duplicates().tolist() if "sector_code" in part else []
    mark = ["SINTETIS"] if about.get("synthetic") else []
    return " ".join([str(first["order_id"]), f"{first.start:%Y-%m-%d %H:%M}", *codes, *mark])


def plan_kml(orders: pd.DataFrame, sectors: pd.DataFrame, about: Mapping[str, Any]) -> str:
    """KML 2.2: routes by team and the sectors visited as polygons, lon before lat.

    Parameters
    ----------
    orders : one row per stop
    sectors : of the plan
    about : meta of the plan's version
    """
    shown = sectors[sectors["planned_minutes"] > 0] if "planned_minutes" in sectors else sectors
    body = ["<Folder><name>Sektor</name>"]
    for _, row in shown.iterrows():
        shape = "".join(gps.polygon(part) for part in meridian.polygons_of([row["sector"]]))
        facts = f"{row.get('planned_minutes', 0):.0f} menit; peluang {row.get('chance', 0):.0%}"
        body.append(
            f"<Placemark><name>{gps.plain(_place(row))}</name><description>{gps.plain(facts)}</description>"
            f"<MultiGeometry>{shape}</MultiGeometry></Placemark>"
        )
    body.append("</Folder>")
    for team, whole in orders.groupby("team_id", sort=True):
        body.append(f"<Folder><name>{gps.plain(team)}</name>")
        for name, part in whole.groupby("order_id", sort=True):
            part = part.sort_values("seq")
            line = " ".join(f"{lon:.6f},{lat:.6f},0" for lat, lon, _ in points(part))
            begin, end = clock.in_utc(part.iloc[0]["start"]), clock.in_utc(end_of(part))
            body.append(
                f"<Placemark id={quoteattr(_name(name))}><name>{gps.plain(name)}</name>"
                f"<TimeSpan><begin>{begin:%Y-%m-%dT%H:%M:%S}Z</begin>"
                f"<end>{end:%Y-%m-%dT%H:%M:%S}Z</end></TimeSpan>"
                f"<LineString><tessellate>1</tessellate><coordinates>{line}</coordinates>"
                "</LineString></Placemark>"
            )
        body.append("</Folder>")
    return gps.kml(body, _note(about), _title(about))


#: format -> (suffix, MIME type)
FORMATS = {
    "csv": ("csv", "text/csv"),
    "ics": ("ics", "text/calendar"),
    "gpx": ("gpx", "application/gpx+xml"),
    "kml": ("kml", "application/vnd.google-earth.kml+xml"),
}


def text(
    kind: str, orders: pd.DataFrame, sectors: pd.DataFrame, about: Mapping[str, Any],
    gone: Sequence[Gone] = (),
) -> str:  # fmt: skip
    """The plan in one of FORMATS but CSV; `about` is the meta of the plan's version.

    Parameters
    ----------
    kind : the format
    orders : one row per stop
    sectors : of the plan
    about : meta of the plan's version
    gone : orders that a calendar cancels

    Raises
    ------
    ValueError
        If the format is unknown.
    """
    makers: dict[str, Callable[[], str]] = {
        "ics": lambda: calendar(orders, about, pd.Timestamp(about["at"]), gone),
        "gpx": lambda: routes_gpx(orders, about),
        "kml": lambda: plan_kml(orders, sectors, about),
    }
    if kind not in makers:
        raise ValueError(f"a plan is written as {', '.join(FORMATS)}, got {kind!r}")
    return makers[kind]()


def file_name(kind: str, about: Mapping[str, Any], team: str = "") -> str:
    """A name that says which week, which version, whose orders, and that it is invented if so.

    Parameters
    ----------
    kind : the ending, without its dot
    about : meta of the plan's version
    team : whose orders it holds; "" for all
    """
    mark = "_SINTETIS" if about.get("synthetic") else ""
    whose = "_" + "".join(sign for sign in team if sign.isalnum() or sign in "-.") if team else ""
    return f"rencana_{about.get('first_day', '')}_v{about.get('version', 1)}{whose}{mark}.{kind}"


def points(part: pd.DataFrame) -> list[tuple[float, float, str]]:
    """lat, lon and label along one shift; labels only at the stops."""
    path: list[tuple[float, float, str]] = []
    for _, row in part.iterrows():
        way = str(row["way"]).split() if "way" in part and isinstance(row["way"], str) else []
        path += [(*h3.cell_to_latlng(cell), "") for cell in way[:-1]]
        label = f"{_place(row)} {row['arrive']:%H:%M}, {row['stay_minutes']:.0f} menit"
        path.append((float(row["lat"]), float(row["lon"]), f"{label}, {_action(row)}"))
    home = part.iloc[-1].get("way_back", "")
    path += [(*h3.cell_to_latlng(cell), "") for cell in str(home or "").split()[1:]]
    return path


def _title(about: Mapping[str, Any]) -> str:
    mark = f"{INVENTED} - " if about.get("synthetic") else ""
    return f"{mark}Rencana patroli {about.get('first_day', '')} ({about.get('status', 'draft')})"


def _note(about: Mapping[str, Any]) -> str:
    return "; ".join(f"{key}: {value}" for key, value in stamp(about).items() if value != "")


def stamp(about: Mapping[str, Any]) -> dict[str, Any]:
    """What every file of a plan says about itself."""
    keys = ("plan", "version", "status", "first_day", "assessment", "cutoff", "data_version",
            "model_version", "handling", "licence", "attribution")  # fmt: skip
    notes = {f"plan_{key}" if key in ("version", "status") else key: about.get(key, "")
            for key in keys}  # fmt: skip
    return notes | {"synthetic": INVENTED if about.get("synthetic") else ""}


def _place(row: names.Row) -> str:
    return names.full(row, LANG)


def _action(row: pd.Series) -> str:
    return ACTIONS.get(str(row.get("action")), str(row.get("action", "")))


def _cell(value: object) -> object:
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%dT%H:%M}"
    return round(value, 4) if isinstance(value, float) else value


def _utc(moment: pd.Timestamp) -> str:
    moment = moment.tz_localize("UTC") if moment.tzinfo is None else moment
    return f"{moment.tz_convert('UTC'):%Y%m%dT%H%M%SZ}"


def _text(value: object) -> str:
    """TEXT of RFC 5545: backslash, semicolon, comma and line break escaped, controls left out."""
    text = gps.carried(value).replace("\r\n", "\n").replace("\r", "\n")
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _fold(line: str) -> str:
    """Lines of at most 75 octets, continued with a space, never inside a character."""
    parts: list[bytes] = []
    now = b""
    for sign in line:
        octets = sign.encode()
        if len(now) + len(octets) > (75 if not parts else 74):
            parts.append(now)
            now = b""
        now += octets
    return "\r\n ".join(part.decode() for part in [*parts, now])


def _name(value: object) -> str:
    """An XML id: letters, digits, - and _, beginning with a letter."""
    name = "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in str(value))
    return f"o{name}"

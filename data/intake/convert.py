"""Rows of an agency's text -> events of the schema, typed; what cannot be is refused with why.

Everything works on whole columns. Order matters only where one field needs another: words,
then the place, then time, then counts, then identity.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from data.findings import Findings, Hint, shorten
from data.intake.crosswalk import Source, nearest, translate, two_meanings
from data.places import find_named, level, read_codes
from data.schema import EVENT
from data.values import (
    Times,
    clean,
    each,
    read_clock,
    read_degrees,
    read_numbers,
    read_times,
    split_pair,
    zone_in_clock,
)
from data.vocabulary import EVENT_TYPES
from geo import calendar

Box = tuple[float, ...]
LEVELS = ["gps", "landmark", "desa", "kecamatan", "kabupaten", "unknown"]
COUNTS = ("n_persons", "n_groups", "n_female", "n_male", "n_minor")
LATER = ("geo_precision", "time_precision", "code_system")
#: what is wrong with a cell, wherever it is read
NO_CLOCK = "{cell} is not a time of day like 14:30"
NO_PAIR = "{cell} is not a pair of coordinates like 0.9815, 110.3616"
STATUS_VERSION = {"new": 1, "corrected": 2, "withdrawn": 3}


class Cells:
    """The cells of a raw table by field: first column that fills the row, then the default."""

    def __init__(
        self,
        table: pd.DataFrame,
        source: Source,
        findings: Findings,
        box: Box = (),
        zone: str = calendar.HOME,
    ):
        self.source, self.findings, self.index = source, findings, table.index
        #: the area's; and that of the file's times that name none
        self.zone, self.time_zone = zone, source.time_zone or zone
        self.box = box or source.box or (-180.0, -90.0, 180.0, 90.0)
        self.placed, self.left = source.place(list(table.columns))
        self._table = table
        self._raw: dict[str, pd.Series] = {}
        self._nothing = pd.Series("", index=table.index, dtype="str")
        self.used = [
            column
            for target, columns in self.placed.items()
            if target not in ("ignore", "free_text")
            for column in columns
        ]

    def raw(self, target: str) -> pd.Series:
        """The text of a field, "" where the file says nothing."""
        if target not in self.placed:
            return self._nothing
        if target not in self._raw:
            first, *more = self.placed[target]
            text = clean(self._table[first])
            for column in more:
                text = text.where(text != "", clean(self._table[column]))
            self._raw[target] = text
        return self._raw[target]

    def text(self, target: str) -> pd.Series:
        """The text of a field, with the source's default where the file says nothing."""
        text = self.raw(target)
        if default := self.source.defaults.get(target, ""):
            empty = text == ""
            what = f"{target} taken as '{default}' where the file says nothing"
            self.findings.note(empty, "default_taken", what, field=target, word=default)
            text = text.where(~empty, default)
        return text

    def words(self, target: str, required: bool = False) -> pd.Series:
        """The codes of a field; unknown words are counted, and refused if the field is required."""
        text = self.text(target)
        if not required and not text.ne("").any():
            return text
        codes, strange = translate(self.source, target, text)
        unknown = strange != ""
        if unknown.any():
            self.findings.unknown(target, strange[unknown].str.split("|").explode())
            if required:
                column = (self.placed.get(target) or [target])[0]
                what = f"{{cell}} in column '{column}' is not a known word for {target}"
                self.findings.refuse(
                    unknown, "word_unknown", what, text, self._hint(target),
                    column=column, field=target,
                )  # fmt: skip
            else:
                some = [repr(shorten(word)) for word in strange[unknown].unique()[:5]]
                what = f"{target} left without the unknown word {', '.join(some)}"
                self.findings.note(unknown, "word_left_out", what, field=target, words=some)
        if target in self.source.open_words:
            own = (codes != "") & ~codes.isin(EVENT[target].allowed)
            self.findings.unknown(target, text[own])
            what = f"{target} with a word of its own, kept as it is"
            self.findings.note(own, "own_word", what, field=target)
        if required:
            self.missing(target, (codes == "") & ~unknown)
        return codes

    def _hint(self, target: str) -> Callable[[str], Hint | None]:
        def hint(cell: str) -> Hint | None:
            if meanings := two_meanings(cell):
                return Hint(meanings.also, f"; {meanings.sentence}", {"either": meanings.write})
            near = nearest(self.source, target, cell)
            return Hint("near", f"; nearest known word: {near!r}", {"near": near}) if near else None

        return hint

    def missing(self, target: str, mask: pd.Series) -> None:
        """Refuse rows that lack a required field."""
        columns = self.placed.get(target)
        if columns:
            what = f"{target} is empty (column '{columns[0]}')"
            self.findings.refuse(mask, "missing_value.here", what, field=target, column=columns[0])
        else:
            what = f"{target} is empty (no column of the file gives it)"
            self.findings.refuse(mask, "missing_value", what, field=target)

    def number(self, target: str, decimal: str | None = None) -> pd.Series:
        """A number, refused where it cannot be read or is negative."""
        text = self.text(target)
        if not text.ne("").any():
            return pd.Series(np.nan, index=self.index)
        value, bad = read_numbers(text, decimal or self.source.decimal)
        column = (self.placed.get(target) or [target])[0]
        what = f"{{cell}} in column '{column}' is not a number of {target} such as 12"
        self.findings.refuse(
            bad | (value < 0), "number_unreadable", what, text, column=column, field=target
        )
        return value.where(~(value < 0))

    def count(self, target: str) -> pd.Series:
        """A whole number of persons or groups."""
        value = self.number(target, self.source.decimal)
        part = value.notna() & ((value % 1 != 0) | (value > 1_000_000))
        what = f"{target} {{cell}} is not a whole number of persons or groups"
        self.findings.refuse(part, "count_unreadable", what, value.astype("str"), field=target)
        return value.where(~part).round().astype("Int64")

    def time(self, target: str, clock: str | None = None) -> tuple[pd.Series, pd.Series]:
        """A time in UTC and how precise it is; a column with the time of day is joined to it."""
        text = self.text(target)
        if clock and (hours := self.raw(clock)).ne("").any():
            return self._time_with_clock(target, text, clock, hours)
        times = self._times(text)
        self._refuse_time(target, times.bad, text)
        return times.time, times.precision

    def _times(self, text: pd.Series) -> Times:
        """Times of the source's zone; a day without a time of day is that day where weeks are cut.

        Midnight in Kuching is an hour before midnight here: a Monday would fall on a Sunday.
        """
        return read_times(text, self.source.date_formats, self.time_zone, self.zone)

    def _refuse_time(self, target: str, bad: pd.Series, text: pd.Series) -> None:
        forms = [example(form) for form in self.source.date_formats[:3]] or ["2024-12-31"]
        what = f"{{cell}} is not a date for {target} like {' or '.join(forms)}"
        self.findings.refuse(bad, "time_unreadable", what, text, field=target, either=forms)

    def _time_with_clock(
        self, target: str, text: pd.Series, clock: str, hours: pd.Series
    ) -> tuple[pd.Series, pd.Series]:
        zone = zone_in_clock(hours)
        joined = text.where((zone == "") | (text == ""), text + " " + zone)
        times = read_times(joined, self.source.date_formats, self.time_zone)
        self._refuse_time(target, times.bad, text)
        minutes, how, bad = read_clock(hours)
        self.findings.refuse(bad, "clock_unreadable", NO_CLOCK, hours)
        add = (times.precision == "day") & minutes.notna()
        time = times.time + pd.to_timedelta(minutes.where(add, 0.0), unit="m")
        time = time.where(add | (times.precision == "hour"), self._times(text).time)
        part = add & (how == "part_of_day")
        what = "a part of the day (pagi, malam …) stands at its middle hour"
        self.findings.note(part, "part_of_day", what)
        return time.astype(times.time.dtype), times.precision.where(~add, how)


def example(form: str) -> str:
    """A declared date format as a person would write it."""
    if form == "excel":
        return "45291 (Excel)"
    return pd.Timestamp("2024-12-31 14:30").strftime(form)


def to_events(
    table: pd.DataFrame,
    source: Source,
    received_at: pd.Timestamp,
    findings: Findings,
    box: Box = (),
    zone: str = calendar.HOME,
) -> tuple[pd.DataFrame, Cells]:
    """All rows of a raw table as events; `findings` says which are to be set aside and why.

    The result has one row per row of `table` and the columns of the schema, still without
    provenance, cell and flags. Rows with a reason may hold empty values. `box` (west, south,
    east, north) is the study area's; a point outside it that lies inside when exchanged was
    exchanged. Without it the box of the source counts. `zone` is the area's: a day told without a
    clock is that day there, and so are times of a source that names no zone.

    Parameters
    ----------
    source : the crosswalk
    received_at : when the file was delivered (UTC)
    """
    cells = Cells(table, source, findings, box, zone)
    out = pd.DataFrame(index=table.index)
    agency = each(cells.text("source_agency"), lambda name: "_".join(name.lower().split()))
    out["source_agency"] = agency.astype("str").where(agency != "", source.agency)
    _add_words(out, cells)
    _add_place(out, cells)
    _add_times(out, cells, received_at)
    _add_counts(out, cells)
    _add_identity(out, cells, table)
    return out, cells


def _add_words(out: pd.DataFrame, cells: Cells) -> None:
    """Every column of known words, and the texts that are kept as they are."""
    _add_kind(out, cells)
    _add_detection(out, cells)
    _add_unit(out, cells)
    _add_status(out, cells)
    out["location_role"] = cells.words("location_role", required=True)
    sensitivity = cells.words("sensitivity")
    what = "sensitivity taken as 'restricted', nothing is declared"
    cells.findings.note(sensitivity == "", "sensitivity_taken", what)
    out["sensitivity"] = sensitivity.where(sensitivity != "", "restricted")
    for column in EVENT.columns:
        placed = column.name in cells.placed or column.name in cells.source.defaults
        if column.allowed and placed and not column.derived and column.name not in (*out, *LATER):
            out[column.name] = cells.words(column.name)
    for name in ("origin_prov", "operation_tag", "patrol_id", "supersedes"):
        out[name] = cells.text(name)
    for name in ("referred_from", "referred_to"):
        out[name] = cells.text(name)


def _add_kind(out: pd.DataFrame, cells: Cells) -> None:
    """The type of event and its direction; each may tell the other."""
    findings = cells.findings
    kind = cells.words("event_type", required=True)
    direction = cells.words("direction")
    open_case = kind == "interception"
    side = direction.map({"outbound": "interception_out", "inbound": "interception_in"}).fillna("")
    kind = kind.where(~open_case, side)
    what = "an interception is outbound or inbound; the direction is not given"
    findings.refuse(open_case & (side == ""), "direction_needed", what)
    implied = kind.map({code: item.direction for code, item in EVENT_TYPES.items()})
    implied = implied.fillna("unknown").astype("str")
    _note_type(findings, (direction == "") & (implied != "unknown"), "direction")
    out["event_type"] = kind
    out["direction"] = direction.where(direction != "", implied)


def _note_type(findings: Findings, mask: pd.Series, field: str) -> None:
    findings.note(mask, "type_tells", f"{field} taken from the event type", field=field)


def _add_detection(out: pd.DataFrame, cells: Cells) -> None:
    """Found or reported: as told, else by the record's number, else by the type of event."""
    kind, detection = out["event_type"], cells.words("detection")
    for prefix, code in cells.source.prefixes.get("detection", {}).items():
        begins = cells.raw("source_record_id").str.upper().str.startswith(prefix.upper())
        detection = detection.where((detection != "") | ~begins, code)
    fixed = {code: t.detection for code, t in EVENT_TYPES.items() if t.detection != "both"}
    unset = (detection == "") & (kind != "")
    detection = detection.where(~unset, kind.map(fixed).fillna("").astype("str"))
    cells.missing("detection", (detection == "") & (kind != ""))
    out["detection"] = detection


def _add_unit(out: pd.DataFrame, cells: Cells) -> None:
    """What is counted: as told, else what is usual for the type of event."""
    findings, kind = cells.findings, out["event_type"]
    unit = cells.words("count_unit")
    known_unknown = cells.raw("count_unit").ne("") & (unit == "")
    what = "{cell} is not a counting unit such as person, group, case or report"
    findings.refuse(known_unknown, "word_unknown.unit", what, cells.raw("count_unit"))
    unset = (unit == "") & (kind != "")
    usual = kind.map({code: item.unit for code, item in EVENT_TYPES.items()}).fillna("report")
    if "count_unit" in cells.placed:
        findings.flag(unset & ~known_unknown, "UNIT_UNKNOWN")
    _note_type(findings, unset & ~known_unknown, "count_unit")
    out["count_unit"] = unit.where(~unset, usual.astype("str"))


def _add_status(out: pd.DataFrame, cells: Cells) -> None:
    """New, corrected or withdrawn; new where nothing is told."""
    out["record_status"] = cells.words("record_status")
    new = out["record_status"] == ""
    if "record_status" in cells.placed:
        strange = new & cells.raw("record_status").ne("")
        what = "{cell} is not new, corrected or withdrawn"
        cells.findings.refuse(strange, "word_unknown.status", what, cells.raw("record_status"))
    out["record_status"] = out["record_status"].where(~new, "new")


def _add_place(out: pd.DataFrame, cells: Cells) -> None:
    """The point, the region's code, and how precise the two are."""
    _add_point(out, cells)
    _add_region(out, cells)
    out["geo_precision"] = _precision(out, cells)


def _point_texts(cells: Cells) -> tuple[pd.Series, pd.Series]:
    """Latitude and longitude as the file writes them, in columns of their own or as a pair."""
    lat_text, lon_text = cells.raw("lat"), cells.raw("lon")
    if "coordinate" in cells.placed:
        pair = cells.raw("coordinate")
        first, second, bad = split_pair(pair)
        cells.findings.refuse(bad & (lat_text == ""), "coord_unreadable.pair", NO_PAIR, pair)
        lat_text = lat_text.where(lat_text != "", first)
        lon_text = lon_text.where(lon_text != "", second)
    return lat_text, lon_text


def _add_point(out: pd.DataFrame, cells: Cells) -> None:
    """Latitude and longitude in degrees, put right where they were exchanged."""
    findings = cells.findings
    lat_text, lon_text = _point_texts(cells)
    lat, lat_axis, lat_bad = read_degrees(lat_text)
    lon, lon_axis, lon_bad = read_degrees(lon_text)
    for text, bad in ((lat_text, lat_bad), (lon_text, lon_bad)):
        what = "{cell} is not a coordinate like 0.9815 or 0°58'53\" LU"
        findings.refuse(bad, "coord_unreadable", what, text)
    half = (lat.isna() != lon.isna()) & ~lat_bad & ~lon_bad
    findings.refuse(half, "coord_half", "one of latitude and longitude is missing")
    zero = (lat == 0) & (lon == 0)
    findings.note(zero, "coord_zero", "coordinates 0, 0 are no place here and were left empty")
    lat, lon = lat.mask(zero), lon.mask(zero)
    swap = _swapped(lat, lon, cells.box) | ((lat_axis == "lon") & (lon_axis == "lat"))
    out["lat"], out["lon"] = lat.where(~swap, lon), lon.where(~swap, lat)
    findings.flag(swap, "COORD_SWAPPED")
    what = "latitude and longitude were exchanged and have been put right"
    findings.note(swap, "coord_swapped", what)
    impossible = (out["lat"].abs() > 90) | (out["lon"].abs() > 180)
    where = lat_text.str.cat(lon_text, sep=", ")
    findings.refuse(impossible, "coord_impossible", "{cell} is no place on earth", where)
    out["uncertainty_km"] = cells.number("uncertainty_km")


def _add_region(out: pd.DataFrame, cells: Cells) -> None:
    """The region's code: as told, else by the names of district, subdistrict and village."""
    findings = cells.findings
    declared = cells.words("code_system")
    system = declared.where(declared != "", cells.source.code_system)
    text = cells.raw("admin_code")
    codes = read_codes(text, system)
    bad = codes.reason != ""
    for row in np.flatnonzero(bad):
        findings.reasons.setdefault(int(row), []).append(codes.reason.iloc[row])
    named = find_named(cells.raw("kabupaten"), cells.raw("kecamatan"), cells.raw("desa"))
    use_name = (codes.code == "") & (text == "")
    strange = use_name & (named.unknown != "")
    for column in named.column[strange].unique():
        here = strange & (named.column == column)
        findings.unknown(column, named.unknown[here])
        what = f"a {column} is not in the gazetteer; the place is kept one level coarser"
        findings.note(here, "place_unknown", what, level=column)
    out["admin_code"] = codes.code.where(~use_name, named.code)
    by_name = use_name & (named.code != "")
    system = system.where(~by_name, "kemendagri").where(~(codes.undeclared), "kemendagri")
    out["code_system"] = system.where(out["admin_code"] != "", "")
    findings.flag(codes.undeclared, "CODE_SYSTEM_UNKNOWN")
    what = "codes with dots taken as Kemendagri, no system is declared"
    findings.note(codes.undeclared, "code_dotted", what)
    findings.flag(by_name & named.old, "PLACE_OLD_NAME")
    findings.flag(codes.coarsened, "CODE_COARSENED")
    what = "BPS codes below kabupaten have no rule; the kabupaten was kept"
    findings.note(codes.coarsened, "code_coarsened", what)


def _swapped(lat: pd.Series, lon: pd.Series, box: Box) -> pd.Series:
    """Outside the box as written, inside it when exchanged: unambiguous."""
    west, south, east, north = box

    def inside(y: pd.Series, x: pd.Series) -> pd.Series:
        return (y >= south) & (y <= north) & (x >= west) & (x <= east)

    return ~inside(lat, lon) & inside(lon, lat)


def _precision(out: pd.DataFrame, cells: Cells) -> pd.Series:
    """The stated precision, or what the row shows; lowered to what it can back."""
    findings = cells.findings
    point, coded = out["lat"].notna(), level(out["admin_code"])
    given = cells.words("geo_precision")
    stated = cells.raw("geo_precision") != ""
    guess = pd.Series(np.where(point, "gps", coded), index=out.index, dtype="str")
    what = "geo_precision taken as 'gps' for rows with coordinates"
    findings.note((given == "") & point, "gps_taken", what)
    given = given.where(given != "", guess)
    rank = {name: place for place, name in enumerate(LEVELS)}
    best = pd.Series(np.where(point, "gps", coded), index=out.index).map(rank)
    low = given.map(rank) < best
    what = "geo_precision lowered to what the place given can back"
    findings.note(low & stated, "precision_lowered", what)
    return given.where(~low, coded).astype("str")


def _add_times(out: pd.DataFrame, cells: Cells, received_at: pd.Timestamp) -> None:
    findings = cells.findings
    start, how = cells.time("event_start", "event_clock")
    cells.missing("event_start", cells.text("event_start") == "")
    out["event_start"] = start
    end, end_how = cells.time("event_end")
    wrong = (end < start) & ~((end_how == "day") & (end + pd.Timedelta(days=1) > start))
    findings.refuse(wrong.fillna(False), "end_before_start", "the event ends before it starts")
    out["event_end"] = end
    stated = cells.words("time_precision")
    out["time_precision"] = stated.where(stated != "", how)
    reported, reported_how = cells.time("reported_at", "reported_clock")
    none = reported.isna() & start.notna() & (cells.raw("reported_at") == "")
    what = "reported_at taken as the time of the event; no delay is known"
    findings.note(none, "report_time_taken", what)
    out["reported_at"] = reported.where(~none, start)
    received, _ = cells.time("received_at")
    out["received_at"] = received.where(received.notna(), received_at).astype(start.dtype)
    delay = (reported - start).dt.total_seconds() / 86_400
    coarse = ~(reported_how == "hour") | ~(how == "hour")
    delay = delay.where(~(coarse & (delay < 0) & (delay > -1)), 0.0)  # the same day is no delay
    out["delay_days"] = delay.where(~none)


def _add_counts(out: pd.DataFrame, cells: Cells) -> None:
    findings = cells.findings
    for name in COUNTS:
        out[name] = cells.count(name)
    if "gender" in cells.placed:
        sex, _ = translate(cells.source, "gender", cells.raw("gender"))
        one = (sex != "") & out["n_persons"].isna()
        findings.note(one, "sex_is_one", "a row with a sex and no count stands for one person")
        out["n_persons"] = out["n_persons"].where(~one, 1)
        for name, word in (("n_female", "female"), ("n_male", "male")):
            known = one & out[name].isna() & sex.isin(["female", "male"])
            out[name] = out[name].where(~known, (sex == word).astype("Int64"))
    parts = out["n_female"] + out["n_male"]
    add = out["n_persons"].isna() & parts.notna()
    findings.note(add, "persons_added", "n_persons taken as women plus men")
    out["n_persons"] = out["n_persons"].where(~add, parts)
    need = out["count_unit"].isin(["person", "group"]) & (out["event_type"] != "")
    given = pd.concat([cells.text(name) != "" for name in ("n_persons",)], axis=1).any(axis=1)
    cells.missing("n_persons", need & out["n_persons"].isna() & ~given)


def _add_identity(out: pd.DataFrame, cells: Cells, table: pd.DataFrame) -> None:
    findings = cells.findings
    version = cells.count("source_version")
    unset = version.isna()
    usual = out["record_status"].map(STATUS_VERSION).fillna(1).astype("Int64")
    what = "source_version taken from the status: 2 corrected, 3 withdrawn"
    findings.note(unset & (usual > 1), "version_taken", what)
    out["source_version"] = version.where(~unset, usual)
    record = cells.raw("source_record_id")
    own_id = cells.raw("event_id")
    record = record.where(record != "", own_id)
    bare = record == ""
    if bare.any():
        record = record.where(~bare, content_ids(table[cells.used], bare))
        what = "no record id in the file; one was made from the content of the row"
        findings.note(bare, "id_made", what)
    out["source_record_id"] = record
    made = out["source_agency"] + ":" + record
    out["event_id"] = own_id.where(own_id != "", made)


def content_ids(table: pd.DataFrame, wanted: pd.Series) -> pd.Series:
    """An id from what a row says: equal in every file and order; equal rows are numbered."""
    text = pd.Series("", index=table.index, dtype="str")
    for column in sorted(table.columns):
        text = text + "\x1f" + clean(table[column])
    number = text.where(wanted).groupby(text).cumcount() + 1
    names = pd.util.hash_pandas_object(text, index=False).map(lambda value: f"h{value:016x}")
    return (names.astype("str") + np.where(number > 1, "-" + number.astype("str"), "")).astype(
        "str"
    )

"""Each table of records: its columns, units and allowed words; a check gathers all faults.

The columns themselves are data: `columns.csv`. The data dictionary in `docs/data.md` is written
from here: `python -m data.schema`.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.types import pandas_dtype

from data.errors import DataError
from data.vocabulary import AGENCIES, EFFORT_MODES, EVENT_TYPES, QUALITY_FLAGS

TIME = "datetime64[us, UTC]"
WEEK = "datetime64[us]"
#: kind of a column -> dtype in a frame
DTYPES = {
    "text": "str",
    "words": "str",  # several words joined by |
    "int": "Int64",
    "float": "float64",
    "time": TIME,
    "week": WEEK,
    "bool": "bool",
}


MODEL_PRECISIONS = ("gps", "landmark", "desa")


@dataclass(frozen=True)
class Column:
    """One column: its kind (see DTYPES), unit and allowed words; `open` also takes other words."""

    name: str
    kind: str
    label_id: str
    label_en: str
    allowed: tuple[str, ...] = ()
    required: bool = False
    unit: str = ""
    note: str = ""
    open: bool = False
    derived: bool = False

    @property
    def dtype(self) -> str:
        """The pandas dtype of the column."""
        return DTYPES[self.kind]


@dataclass(frozen=True)
class Table:
    """A named set of columns and the key that identifies a row."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    @property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        """Names of the columns that every row must fill."""
        return [column.name for column in self.columns if column.required]

    def empty(self) -> pd.DataFrame:
        """The table without rows, every column with its dtype."""
        return self.typed(pd.DataFrame(columns=self.names))

    def typed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with exactly this table's columns, order and dtypes; missing columns empty."""
        values = {}
        for column in self.columns:
            given = frame.get(column.name)
            values[column.name] = _typed(given, column, frame.index)
        return pd.DataFrame(values, index=frame.index)


def _typed(given: pd.Series | None, column: Column, index: pd.Index) -> pd.Series:
    if given is None:
        fill = {"text": "", "words": "", "bool": False, "float": np.nan}.get(column.kind, pd.NA)
        if column.kind in ("time", "week"):
            fill = pd.NaT
        given = pd.Series([fill] * len(index), index=index, dtype=object)
    if column.kind in ("text", "words"):
        return given.astype("str").fillna("")
    if column.kind == "bool":
        return given.fillna(False).astype(bool)
    if column.kind == "time":
        return pd.to_datetime(given, utc=True).astype(pandas_dtype(TIME))
    if column.kind == "week":
        return pd.to_datetime(given).astype(pandas_dtype(WEEK))
    return given.astype(pandas_dtype(column.dtype))


def _load_tables() -> dict[str, Table]:
    """The tables as `columns.csv` describes them; `@agencies` stands for a list of words."""
    lists: dict[str, Iterable[str]] = {
        "@agencies": AGENCIES,
        "@event_types": EVENT_TYPES,
        "@effort_modes": EFFORT_MODES,
        "@quality_flags": QUALITY_FLAGS,
    }
    columns: dict[str, list[Column]] = {"events": [], "effort": []}
    with Path(__file__).with_name("columns.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words = row["allowed"].split()
            allowed = [word for name in words for word in lists.get(name, (name,)) if word != "..."]
            column = Column(
                row["name"],
                row["kind"],
                row["label_id"],
                row["label_en"],
                allowed=tuple(allowed),
                required=row["need"] == "required",
                derived=row["need"] == "derived",
                open="..." in words,
                unit=row["unit"],
                note=row["note"],
            )
            for table in columns if row["table"] == "both" else [row["table"]]:
                columns[table].append(column)
    keys = {"events": "source_record_id", "effort": "effort_id"}
    return {
        name: Table(name, ("source_agency", keys[name]), tuple(columns[name])) for name in columns
    }


TABLES = _load_tables()
EVENT, EFFORT = TABLES["events"], TABLES["effort"]


def feeds_model(events: pd.DataFrame) -> pd.Series:
    """Which events may feed the cell model: one bool per row.

    It occurred there, its type feeds the model (a local kind of a plain file does too), the
    place is a point or a desa, it is not withdrawn, and the point is not an agency's office.
    """
    silent = [code for code, kind in EVENT_TYPES.items() if not kind.feeds_model]
    flags = events["quality_flags"].astype("str") if "quality_flags" in events else None
    feeds = (
        (events["location_role"] == "occurred")
        & ~events["event_type"].isin(silent)
        & events["geo_precision"].isin(MODEL_PRECISIONS)
        & (events["record_status"] != "withdrawn")
    )
    if flags is not None:
        feeds &= ~flags.str.contains("COORD_AT_OFFICE", regex=False).fillna(False)
    return feeds.astype(bool).rename("feeds_model")


def check_table(frame: pd.DataFrame, table: Table) -> list[str]:
    """Every fault of a frame that claims to be this table, as sentences; none if it is right."""
    faults = []
    if missing := [name for name in table.names if name not in frame]:
        faults.append(f"{table.name}: columns missing: {', '.join(missing)}")
    for column in table.columns:
        if column.name not in frame:
            continue
        values = frame[column.name]
        if str(values.dtype) != str(pd.Series([], dtype=column.dtype).dtype):
            faults.append(f"{table.name}.{column.name} is {values.dtype}, expected {column.dtype}")
            continue
        faults += _faults_of(values, column, table.name)
    if all(name in frame for name in table.key) and not faults:
        key = [*table.key, *(["source_version"] if "source_version" in table else [])]
        if twice := int(frame.duplicated(key, keep=False).sum()):
            faults.append(f"{table.name}: {twice} rows share their key ({', '.join(key)})")
    return faults


def _faults_of(values: pd.Series, column: Column, table: str) -> list[str]:
    faults = []
    text = column.kind in ("text", "words")
    empty = values.isna() | (values == "") if text else values.isna()
    if column.required and empty.any():
        rows = ", ".join(str(row) for row in values.index[empty][:3])
        faults.append(f"{table}.{column.name} is empty in {int(empty.sum())} rows (index {rows})")
    if column.allowed and not column.open:
        given = values[~empty]
        words = given.str.split("|").explode() if column.kind == "words" else given
        if unknown := sorted(set(words) - set(column.allowed)):
            faults.append(
                f"{table}.{column.name} has {', '.join(map(repr, unknown[:5]))}, "
                f"known are {', '.join(column.allowed)}"
            )
    return faults


def demand(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The frame itself if it is the table; otherwise DataError with all its faults."""
    if faults := check_table(frame, table):
        sentences = "; ".join(faults)
        raise DataError(sentences, key="table_wrong", told=sentences)
    return frame


def dictionary() -> str:
    """The data dictionary as Markdown: event types, both tables, flags."""
    lines = ["### Jenis kejadian · event types", ""]
    lines += _markdown(
        ["kode", "label", "label (en)", "instansi", "ditemukan", "model", "satuan"],
        (
            [
                f"`{code}`",
                kind.label_id,
                kind.label_en,
                "all" if len(kind.sources) == len(AGENCIES) else ", ".join(kind.sources),
                kind.detection,
                "yes" if kind.feeds_model else "no",
                kind.unit,
            ]
            for code, kind in EVENT_TYPES.items()
        ),
    )
    for table in TABLES.values():
        lines += ["", f"### `{table.name}` · key: {', '.join(table.key)}", ""]
        lines += _markdown(
            ["kolom", "label", "label (en)", "isi", "satuan / nilai", "catatan"],
            (_row(column) for column in table.columns),
        )
    lines += ["", "### Tanda mutu · quality flags", ""]
    lines += _markdown(
        ["tanda", "arti"], ([f"`{flag}`", text] for flag, text in QUALITY_FLAGS.items())
    )
    return "\n".join(lines)


def _row(column: Column) -> list[str]:
    need = "wajib" if column.required else "turunan" if column.derived else "pilihan"
    few = "codes above or below" if len(column.allowed) > 20 else " · ".join(column.allowed)
    cells = [f"`{column.name}`", column.label_id, column.label_en, f"{need}, {column.kind}"]
    return [*cells, column.unit or few, column.note]


def _markdown(head: list[str], rows: Iterable[list[str]]) -> list[str]:
    table = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in table]


def write_dictionary(path: Path) -> bool:
    """Put the dictionary between its two markers in a Markdown file; True if it changed."""
    begin, end = "<!-- schema:begin -->", "<!-- schema:end -->"
    text = path.read_text(encoding="utf-8")
    if begin not in text or end not in text:
        what = f"{path.name}: the lines {begin} and {end} are missing"
        raise DataError(what, key="marks_missing", where=path.name, first=begin, last=end)
    before, rest = text.split(begin, 1)
    fresh = f"{before}{begin}\n{dictionary()}\n{end}{rest.split(end, 1)[1]}"
    if fresh != text:
        path.write_text(fresh, encoding="utf-8")
    return fresh != text


if __name__ == "__main__":
    target = Path(__file__).parents[1] / "docs" / "data.md"
    print(f"{target.name}: {'rewritten' if write_dictionary(target) else 'up to date'}")

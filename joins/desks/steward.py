"""What a data steward does, without a screen: the pages and the commands call the same functions.

A `Desk` is the store as one viewer may use it. Who may not see a thing gets it from no method;
who may not change a thing gets a `Refused` in words, and the denial is logged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data import delay
from data.errors import DataError
from data.findings import key_of
from data.gate import access, disclose
from data.gate.rights import Resource, Rights
from data.intake import crosswalk, mend
from data.intake.reading import Reading
from data.link import match
from data.personal.gate import PersonalDataError
from data.personal.said import Said
from data.store import audit
from data.store.records import ImportSummary, Store
from data.vocabulary import AGENCIES, EVENT_TYPES, QUALITY_FLAGS
from geo import calendar
from joins import apart, opened, reading, steps
from joins.desks import asking
from settings import Settings

#: rows of a preview, and pairs of a queue that are shown at once
PREVIEW_ROWS = 20


@dataclass(frozen=True)
class Desk:
    """The store as one viewer may use it."""

    settings: Settings
    scope: access.Scope

    refusal = DataError

    @property
    def store(self) -> Store:
        """The store behind the desk, made where needed."""
        return opened.open_store(self.settings)

    @property
    def mark(self) -> str:
        """Changes with the data and with the viewer: the key of whatever is kept for a while."""
        return f"{self.store.data_version()}|{self.scope}"

    @property
    def preview_rows(self) -> int:
        """Rows of a preview."""
        return PREVIEW_ROWS

    def agency(self, code: str) -> str:
        """What an agency is called; an unknown one keeps its code."""
        return AGENCIES.get(code, (code, code))[0]

    def event_type(self, code: str, lang: str) -> str:
        """What an event type is called; a kind of a plain file keeps its word."""
        kind = EVENT_TYPES.get(code)
        return code if kind is None else kind.label_en if lang == "en" else kind.label_id

    def names_persons(self, problem: Exception) -> bool:
        """Whether a file was refused because it names persons."""
        return isinstance(problem, PersonalDataError)

    @property
    def rights(self) -> Rights:
        """What the viewer may do."""
        return Rights(self.scope)

    def _demand(
        self, action: str, resource: Resource | None = None, names: Sequence[str] = ()
    ) -> None:
        asking.demand(self.settings, self.scope, action, resource, names)

    # bring a file -------------------------------------------------------------------------

    def sources(self, lang: str = "id") -> dict[str, str]:
        """The crosswalks by name, with their titles (Indonesian · English)."""
        side = -1 if lang == "en" else 0
        titles = {name: source.title.split(" · ") for name, source in crosswalk.sources().items()}
        return {name: parts[side] for name, parts in titles.items()}

    def preview(
        self,
        name: str,
        content: bytes,
        source: str | None = None,
        progress: reading.Progress | None = None,
        places: tuple[str, ...] = (),
    ) -> Reading:
        """Read a file without keeping anything of it, in a process apart; it touches no disk.

        Parameters
        ----------
        name : of the file
        content : its bytes
        source : name of a crosswalk; recognised if None
        progress : told the share that is done, 0 to 1, and what is being done
        places : columns that hold places, as the steward says: no name in them is a person's

        Raises
        ------
        DataError
            If it cannot be read; PersonalDataError if it names persons.
        """
        self._demand("import_file")
        given = (self.settings.area, name, content, source, places, reading.UNPACKED_BYTES)
        try:
            made = apart.run(reading.read_upload, *given, progress=progress)
        except PersonalDataError:
            self._refused("import")
            raise
        return self.count_receivers(made, each=False)

    def count_receivers(self, reading: Reading, each: bool) -> Reading:
        """The reading beside the stored tracks of the viewer's own agencies.

        Parameters
        ----------
        reading : what `preview` gave
        each : count every receiver of a patrol; else each patrol once
        """
        stored = self.store.recorded_effort()
        own = stored["source_agency"].map(self.rights.acts_for).astype(bool)
        return reading.with_receivers(stored[own], each)

    def foreign(self, reading: Reading) -> list[str]:
        """Agencies whose records the file holds and the viewer may not bring."""
        return sorted(name for name in _agencies(reading) if not self.rights.acts_for(name))

    def keep(self, reading: Reading) -> ImportSummary:
        """Store what was read: all of it or nothing."""
        held = Resource(agencies=_agencies(reading))
        self._demand("keep_file", held, self.foreign(reading))
        store = self.store
        summary = store.ingest(reading, by=self.scope.user)
        for one in (summary, *summary.also):
            self._log("import", {"import": one.import_id, "rows": one.n_read})
        return summary

    def draft(self, name: str, content: bytes) -> tuple[str, list[str]]:
        """A crosswalk for a new agency's file, and what could not be placed."""
        self._demand("draft_crosswalk")
        try:
            return apart.run(reading.draft_upload, name, content, reading.UNPACKED_BYTES)
        except PersonalDataError:
            self._refused("crosswalk")
            raise

    # imports ------------------------------------------------------------------------------

    def imports(self) -> pd.DataFrame:
        """The imports that the viewer may see, newest first, with `agencies` (|-joined)."""
        store = self.store
        table = store.imports()
        by_import = store.import_agencies().groupby("import_id")["source_agency"].agg(sorted)
        table["agencies"] = table["import_id"].map(by_import.str.join("|")).fillna("").astype("str")
        own = [
            self.rights.may("see_import", _import(by, agencies))
            for by, agencies in zip(table["by"], table["agencies"], strict=True)
        ]
        return table[np.array(own, dtype=bool)].reset_index(drop=True)

    def undo(self, import_id: str, reason: str) -> None:
        """Take an import out of every count, with a reason."""
        self._demand("undo_import", self._own_import(import_id), [import_id])
        self.store.undo_import(import_id, Said(reason, "an undo"), by=self.scope.user)
        self._log("undo", {"import": import_id})

    def _own_import(self, import_id: str) -> Resource:
        """An import as rights ask of it; one that the viewer does not see is nobody's."""
        table = self.imports()
        found = table[table["import_id"] == import_id]
        return Resource() if found.empty else _import(*found[["by", "agencies"]].iloc[0])

    # set-aside rows and quality -----------------------------------------------------------

    def set_aside(self) -> pd.DataFrame:
        """The set-aside rows of the imports that the viewer may see, with a column `key`.

        A row may have several reasons; `key` is the first one's.
        """
        rows = self.store.set_aside()
        rows = rows[rows["import_id"].isin(self.imports()["import_id"])]
        return rows.assign(key=rows["reasons"].map(key_of)).reset_index(drop=True)

    def unknown_words(self) -> pd.DataFrame:
        """Words nobody knows, of the imports that the viewer may see: source, column, word, n."""
        words = self.store.unknown_words()
        words = words[words["import_id"].isin(self.imports()["import_id"])]
        keys = ["source", "column", "word"]
        summed: pd.DataFrame = words.groupby(keys, as_index=False)[["n"]].sum()
        return summed.sort_values(["n", "source", "word"], ascending=[False, True, True])

    def workbook(self, rows: pd.DataFrame, reasons: pd.Series) -> bytes:
        """Set-aside rows as XLSX to be mended; the export is logged."""
        for import_id in rows["import_id"].unique():
            self._demand("mend", self._own_import(import_id), [import_id])
        self._log("export", {"what": "set_aside", "rows": len(rows)})
        return mend.write_workbook(rows, reasons)

    def events(self) -> pd.DataFrame:
        """The current records that the viewer may see, with their clusters."""
        store = self.store
        events = store.events()
        if len(events):
            events = match.cluster(events, store.links(), store.decisions())
        return disclose.suppress({"events": self._visible(events)}, self.scope)["events"]

    def _visible(self, events: pd.DataFrame) -> pd.DataFrame:
        """The records inside the viewer's districts; in which one a cell lies the ground tells."""
        whole = self.rights.may("see_whole_area")
        cells = None if whole else opened.ground_of(self.settings.area).cells
        return access.visible(events, self.scope, cells)

    def flags(self, events: pd.DataFrame) -> pd.DataFrame:
        """Quality flags per agency: flag, source_agency, n, share of the agency's records."""
        return count_flags(events)

    # twins --------------------------------------------------------------------------------

    def find_twins(self) -> int:
        """Compare all records again; gives the number of pairs to be reviewed."""
        self._demand("find_twins")
        steps.join_twins(self.store)
        return int((self.store.links()["outcome"] == "review").sum())

    def twins_are_old(self) -> bool:
        """Whether records came or went since they were compared."""
        return self.store.links_are_old()

    def queue(self, events: pd.DataFrame) -> pd.DataFrame:
        """Pairs that a person should look at, the surest first, without those decided."""
        store = self.store
        pairs = access.visible_pairs(store.links(), events)
        pairs = pairs[pairs["outcome"] == "review"]
        done = store.decisions()[["event_id_a", "event_id_b"]]
        left = pairs.merge(done, on=["event_id_a", "event_id_b"], how="left", indicator=True)
        return left[left["_merge"] == "left_only"].drop(columns="_merge").reset_index(drop=True)

    def decide(self, pair: tuple[str, str], outcome: str, reason: str = "") -> None:
        """Say that two records tell of one event ("link"), of two ("unlink"), or take it back.

        Parameters
        ----------
        pair : both event ids
        outcome : "link", "unlink" or "auto"
        reason : in words, or ""
        """
        seen = set(pair) <= set(self.events()["event_id"])
        self._demand("decide_twins", Resource(seen=seen))
        word = Said.or_nothing(reason, "a decision")
        self.store.decide_link(*pair, outcome, by=self.scope.user, reason=word)
        self._log("link", {"outcome": outcome, "records": 2})

    def says(self, events: pd.DataFrame) -> pd.DataFrame:
        """Events that several agencies tell of with differing figures."""
        return who_says_what(events)

    def decided(self, events: pd.DataFrame) -> pd.DataFrame:
        """What was said about pairs that the viewer may see, the newest first."""
        return access.visible_pairs(self.store.decisions(), events).iloc[::-1]

    # freshness ----------------------------------------------------------------------------

    def freshness(self, now: pd.Timestamp) -> pd.DataFrame:
        """Per agency how fresh its record is; numbers of records only in the restricted tier."""
        events = self.store.events()
        if not self.rights.may("see") or events.empty:
            return delay.freshness(events.iloc[:0], now, self.settings.area.time_zone)
        table = delay.freshness(events, now, self.settings.area.time_zone)
        seen = self._visible(events)
        if not self.rights.may("see_records"):
            table["n_events"] = pd.NA
        else:
            counts = seen["source_agency"].value_counts()
            table["n_events"] = table["source_agency"].map(counts).fillna(0).astype("Int64")
        return table

    def nowcast(self, events: pd.DataFrame, agency: str, now: pd.Timestamp) -> pd.DataFrame:
        """How many records the last twelve weeks of an agency will have, judged at its delivery.

        Parameters
        ----------
        events : the current records
        agency : code of the one that is asked about
        now : the moment (UTC) after which nothing is known
        """
        own = events[events["source_agency"] == agency]
        return nowcast_at_delivery(own, now, self.settings.area.time_zone)

    def _log(self, action: str, what: dict[str, Any]) -> None:
        audit.log(self.store, action, self.scope.user, what)

    def _refused(self, what: str) -> None:
        """One line that a file was refused; nothing of it, not even its name."""
        line = {"what": what, "why": "personal_data"}
        audit.log(self.store, "denied", self.scope.user, line)


def _agencies(reading: Reading) -> frozenset[str]:
    """Whose records a file holds."""
    return frozenset(name for part in reading.parts for name in part.kept["source_agency"])


def _import(by: str, agencies: str) -> Resource:
    """An import as rights ask of it; agencies are |-joined."""
    return Resource(by=by, agencies=frozenset(agencies.split("|")) - {""})


def nowcast_at_delivery(
    events: pd.DataFrame, now: pd.Timestamp, zone: str = calendar.HOME
) -> pd.DataFrame:
    """The last twelve weeks up to the last delivery: since then nothing is known.

    Parameters
    ----------
    events : records of one agency, with received_at (UTC)
    now : the moment (UTC) after which nothing is known
    zone : IANA name of the zone in which weeks are cut

    Raises
    ------
    DataError
        If nothing was received yet.
    """
    known = events[events["received_at"] <= now]
    if known.empty:
        raise DataError("nothing was received yet", key="nothing_received")
    return delay.nowcast(known, known["received_at"].max(), zone=zone)


def count_flags(events: pd.DataFrame) -> pd.DataFrame:
    """Quality flags per agency: flag, source_agency, n, share of the agency's records."""
    size = events["source_agency"].value_counts()
    flags = events[["source_agency", "quality_flags"]]
    flags = flags.assign(flag=flags["quality_flags"].str.split("|")).explode("flag")
    flags = flags[flags["flag"].isin(QUALITY_FLAGS)]
    counts = flags.groupby(["flag", "source_agency"]).size().rename("n").reset_index()
    counts["share"] = counts["n"].to_numpy() / size.reindex(counts["source_agency"]).to_numpy(float)
    return counts.sort_values(["n", "flag"], ascending=[False, True], ignore_index=True)


def who_says_what(events: pd.DataFrame) -> pd.DataFrame:
    """Events that several agencies tell of with differing figures, the widest difference first.

    One row per cluster: link_cluster_id, event_start (the earliest told), agencies (|-joined),
    n_records, least and most (persons).
    """
    several = events[events["link_cluster_id"].duplicated(keep=False)]
    heads = several.groupby("link_cluster_id")["n_persons"]
    table = pd.DataFrame(
        {
            "event_start": several.groupby("link_cluster_id")["event_start"].min(),
            "agencies": several.groupby("link_cluster_id")["source_agency"].agg(
                lambda names: "|".join(sorted(set(names)))
            ),
            "n_records": several.groupby("link_cluster_id").size(),
            "least": heads.min(),
            "most": heads.max(),
        }
    )
    table = table[table["most"] > table["least"]]
    table["apart"] = table["most"] - table["least"]
    order = ["apart", "event_start"]
    return table.sort_values(order, ascending=False).drop(columns="apart").reset_index()

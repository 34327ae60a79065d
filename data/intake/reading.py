"""What one file holds: the rows kept, those set aside with their reasons, and what is told."""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from data.findings import reason
from data.intake import mend
from data.schema import TABLES
from geo.receivers import EACH, Together, together

ASIDE = ["source_file", "source_sheet", "source_line", "original", "reasons"]
NUMBER_AGAIN = reason("record_repeated.number", "this number was already read in this file")
_TOGETHER = ("tracks_together: ", "tracks_each: ")


@dataclass(frozen=True)
class Reading:
    """What one file holds; `n_read == len(kept) + len(set_aside)` always.

    kind : "events" or "effort"
    kept : the rows of that table, as the schema says
    set_aside : source_file, source_sheet, source_line, original (the row as JSON text), reasons
        (see `data.findings.reason`, joined by "; ")
    notes : every default taken and every check left out, of the same form
    unknown_words : column, word, n: words that no vocabulary knows, with how often they came
    synthetic : does the file call itself DATA SINTETIS?
    mends : of_sha, source_sheet, source_line of the set-aside rows that this file brings again
    also : what the file holds of the other kind, read in the same way; None if nothing
    together : what its tracks share with other receivers of the same patrols
    """

    kind: str
    kept: pd.DataFrame
    set_aside: pd.DataFrame
    n_read: int
    notes: list[str]
    unknown_words: pd.DataFrame
    sha256: str
    source_name: str
    synthetic: bool
    mends: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=mend.MARKS))
    also: "Reading | None" = None
    together: Together = field(default_factory=Together)

    @property
    def parts(self) -> list["Reading"]:
        """This reading, and the one of the other kind where the file holds both."""
        return [self] if self.also is None else [self, *self.also.parts]

    def of(self, kind: str) -> "Reading | None":
        """The part of this kind, "events" or "effort"; None if the file holds none."""
        return next((part for part in self.parts if part.kind == kind), None)

    @property
    def n_without_place(self) -> int:
        """Kept events that have neither coordinates nor a region: no map can show them."""
        return without_place(self.kept) if self.kind == "events" else 0

    def summary(self) -> str:
        """One sentence: rows read = kept + set aside, and how many of the kept have no place."""
        nowhere = f" ({n} of them without a place)" if (n := self.n_without_place) else ""
        sentence = (
            f"{self.source_name}: {self.n_read} rows read = {len(self.kept)} kept{nowhere} + "
            f"{len(self.set_aside)} set aside"
        )
        if (shared := self.together).tracks:
            how = "counted all the same" if shared.each else "counted once"
            sentence += (
                f"; {shared.minutes:.0f} minutes told by several receivers of a patrol {how}"
            )
        return sentence if self.also is None else f"{sentence}; {self.also.summary()}"

    def with_receivers(self, stored: pd.DataFrame, each: bool) -> "Reading":
        """The same reading, beside the tracks that are there already.

        Parameters
        ----------
        stored : effort rows as stored, of the agencies that the reader may see
        each : count every receiver, as a steward says; it is kept with the rows
        """
        also = None if self.also is None else self.also.with_receivers(stored, each)
        if self.kind != "effort" or not len(self.kept):
            return replace(self, also=also)
        own = stored[stored["source_agency"].isin(set(self.kept["source_agency"]))]
        shared = replace(together(self.kept.assign(counted=""), own), each=each)
        notes = [note for note in self.notes if not note.startswith(_TOGETHER)]
        if shared.tracks:
            notes.append(_told_together(shared))
        marked = self.kept["spans"].astype("str") != ""
        counted = pd.Series(np.where(marked & each, EACH, ""), self.kept.index, dtype="str")
        kept = self.kept.assign(counted=counted)
        return replace(self, kept=kept, notes=notes, together=shared, also=also)


def _told_together(shared: Together) -> str:
    """The note of what several receivers of a patrol told, and how it is counted."""
    how = "each of them is counted, as a steward said" if shared.each else "they count once"
    return reason(
        "tracks_each" if shared.each else "tracks_together",
        f"{shared.tracks} tracks are of a patrol that another receiver recorded too: "
        f"{shared.minutes:.0f} minutes at the same time and place "
        f"({shared.minutes_stored:.0f} with tracks stored before); {how}",
        n=shared.tracks,
        minutes=round(shared.minutes),
        stored=round(shared.minutes_stored),
    )


def without_place(events: pd.DataFrame) -> int:
    """How many events have neither coordinates nor the code of a region."""
    return int((events["lat"].isna() & (events["admin_code"].astype("str") == "")).sum())


@dataclass(frozen=True)
class Part:
    """What one sheet gave."""

    kept: pd.DataFrame
    aside: pd.DataFrame
    notes: list[str]
    words: dict[tuple[str, str], int]  # (column, word) -> how often


def join(parts: list[Part], kind: str, sha256: str, source_name: str, synthetic: bool) -> Reading:
    """The parts of one kind as the file's reading; a number that comes again is set aside.

    Parameters
    ----------
    parts : one for each sheet
    kind : "events" or "effort"
    sha256 : of the file
    source_name : the crosswalk's
    synthetic : does the file call itself DATA SINTETIS?
    """
    schema = TABLES[kind]
    frames = [part.kept for part in parts if len(part.kept)]
    kept = pd.concat(frames, ignore_index=True) if frames else schema.empty()
    kept = schema.typed(kept)
    aside = pd.concat([part.aside for part in parts], ignore_index=True)
    kept, aside = _split_repeated(kept, aside, schema.key, kind)
    aside = aside.astype({name: "str" for name in ASIDE if name != "source_line"})
    aside["source_line"] = aside["source_line"].astype("Int64")
    if synthetic:
        kept = kept.assign(synthetic=True)
    words: dict[tuple[str, str], int] = {}
    for part in parts:
        for key, n in part.words.items():
            words[key] = words.get(key, 0) + n
    table = pd.DataFrame(
        [(column, word, n) for (column, word), n in sorted(words.items())],
        columns=["column", "word", "n"],
    )
    return Reading(
        kind,
        kept,
        aside,
        len(kept) + len(aside),
        list(dict.fromkeys(note for part in parts for note in part.notes)),
        table,
        sha256,
        source_name,
        synthetic or bool(len(kept) and kept["synthetic"].all()),
    )


def _split_repeated(
    kept: pd.DataFrame, aside: pd.DataFrame, key: tuple[str, ...], kind: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of another sheet, or effort under a number already used: kept once."""
    names = [*key, "source_version"] if kind == "events" else list(key)
    again = kept.duplicated(names, keep="first")
    if not again.any():
        return kept, aside
    rows = kept[again]
    more = pd.DataFrame(
        {
            "source_file": rows["source_file"],
            "source_sheet": rows["source_sheet"],
            "source_line": rows["source_line"],
            "original": [row.to_json(date_format="iso") for _, row in rows.iterrows()],
            "reasons": NUMBER_AGAIN,
        },
        columns=ASIDE,
    )
    return kept[~again].reset_index(drop=True), pd.concat([aside, more], ignore_index=True)

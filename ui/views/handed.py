"""What the pages are handed: whoever runs them brings objects that have at least this.

The pages ask for nothing else, so what a viewer may see and do is decided before they begin.
Nothing here knows where it comes from; the type checker compares it with what `app.py` hands over.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import pandas as pd

from ui.drawn.numbers import Numbers
from ui.map.ground import BaseMap
from ui.map.plan_odd import Odd
from ui.map.scene import Places, Scene
from ui.selection import Options, Selection

#: a name and the content of a file that a person brought
NamedBytes = tuple[str, bytes]


class GroundFiles(Protocol):
    """The ground as files: layers (GeoJSON) and tables of places (towns, desa, posts), by name."""

    @property
    def layers(self) -> Mapping[str, bytes]: ...
    @property
    def tables(self) -> Mapping[str, pd.DataFrame]: ...


class Seen(Protocol):
    """One assessment as one viewer may see it.

    meta : its versions and totals; frames : its tables by name, suppressed
    mark : changes with the assessment and with the viewer's rights: the key of whatever is kept
    ground : addresses of the base layers; base : the same as files
    pieces : names of the ground by piece; piece_of : the piece of each cell
    strip : pieces of land between the last cells and the border: cell, rings (lon, lat)
    """

    @property
    def meta(self) -> Mapping[str, Any]: ...
    @property
    def frames(self) -> Mapping[str, pd.DataFrame]: ...
    @property
    def mark(self) -> str: ...
    @property
    def options(self) -> Options: ...
    @property
    def places(self) -> Places: ...
    @property
    def ground(self) -> BaseMap: ...
    @property
    def base(self) -> GroundFiles: ...
    @property
    def pieces(self) -> pd.DataFrame: ...
    @property
    def piece_of(self) -> pd.Series: ...
    @property
    def strip(self) -> pd.DataFrame: ...

    def cells(self, horizon: int, group: str, /) -> pd.DataFrame:
        """Every cell with the risk of one horizon (weeks) and group."""
        ...

    def scene(self, selection: Selection, /) -> Scene:
        """What one selection shows."""
        ...

    def lead(
        self, scores: pd.DataFrame, mine: str, rival: str, measure: str, /
    ) -> tuple[float, float, float]:
        """How far one model is ahead of another on the same test periods: mean, low, high end.

        Of `scores`, model `mine` against model `rival`, in one `measure` (a column).
        """
        ...


class Papers(Protocol):
    """The files that a viewer takes away, of what a selection shows; each is logged."""

    def name(self, what: str, suffix: str, selection: Selection, /) -> str:
        """The name of a file: `what` it holds, its `suffix` with the dot, of a `selection`."""
        ...

    def table(self, what: str, suffix: str, selection: Selection, /) -> bytes:
        """One of the tables: `what` it holds, as `suffix` says (".csv", …), of a `selection`."""
        ...

    def dictionary(self, selection: Selection, /) -> bytes:
        """What each column means."""
        ...

    def card(self, selection: Selection, /) -> bytes:
        """The model card."""
        ...

    def monday(self, selection: Selection, /) -> tuple[str, Sequence[tuple[str, str]]]:
        """A line that sums up the week, and three questions with their answers."""
        ...

    def sheet(self, selection: Selection, /) -> bytes:
        """The brief of the picked sectors."""
        ...

    def district(self, selection: Selection, /) -> bytes:
        """The chosen district for a phone, in one HTML file."""
        ...

    def own(self, selection: Selection, /) -> bytes:
        """The chosen district on one page of paper (PDF)."""
        ...

    def orders(
        self, selection: Selection, /
    ) -> Sequence[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
        """The orders in force in the chosen district: title, heads and rows; none if none."""
        ...

    def device(self, kind: str, selection: Selection, /) -> bytes:
        """Sectors for a device, "gpx" or "kml"."""
        ...

    def image(self, selection: Selection, /) -> bytes:
        """The map as a picture."""
        ...


class Drawing(Protocol):
    """Areas that a viewer draws, and what he may know of them; an area is a short text."""

    @property
    def refusal(self) -> type[Exception]:
        """What is raised where he gives what is no area; it has a `key` and `values`."""
        ...

    def read(self, text: str, /) -> str:
        """The area of a text, GeoJSON or WKT."""
        ...

    def ring(self, corners: Sequence[tuple[float, float]], /) -> str:
        """The area inside a line through some corners (lon, lat)."""
        ...

    def toggle(self, area: str, cell: str, /) -> str:
        """An `area` with one `cell` more, or without it; "" where none is left."""
        ...

    def numbers(self, area: str, selection: Selection, /) -> Numbers:
        """What is known of an `area`, of the weeks and kinds of a `selection`."""
        ...

    def name(self, suffix: str, selection: Selection, /) -> str:
        """The name of a file: its `suffix` with the dot, of a `selection`."""
        ...

    def file(self, suffix: str, area: str, selection: Selection, /) -> bytes:
        """An `area` of a `selection`: its numbers (`suffix` ".geojson") or its cells (".csv")."""
        ...


class Rights(Protocol):
    """What a viewer may do, by the name of the action."""

    def closed(self, action: str, /) -> str:
        """Why an action is not for him, the key of what is missing; "" if it may be."""
        ...

    def may(self, action: str, /) -> bool:
        """Whether he may do what depends on nothing but him."""
        ...


class Voice(Protocol):
    """What a viewer may say against a score."""

    @property
    def most_weeks(self) -> int: ...
    @property
    def values(self) -> Sequence[str]: ...
    @property
    def longest(self) -> int: ...

    @property
    def rights(self) -> Rights: ...

    @property
    def refusal(self) -> type[Exception]:
        """What is raised where he asks for what cannot be done; it has a `key` and `values`."""
        ...

    def may_withdraw(self, by: str, /) -> bool:
        """Whether he may end what somebody said."""
        ...

    def names_persons(self, problem: Exception, /) -> bool:
        """Whether a reason was refused because it names persons."""
        ...

    def add(self, kind: str, cell: str, value: str, reason: str, until: pd.Timestamp, /) -> str:
        """Contest the score of a `cell`, or (`kind` "sector") of the sector that holds it.

        `value` instead of the model's, a `reason` in words, `until` the last local day. Gives
        the number of what was said.
        """
        ...

    def withdraw(self, override_id: str, reason: str, /) -> None:
        """End what was said."""
        ...


class OpenedPlan(Protocol):
    """One version of a plan as a viewer may see it; `whole` if nothing of it is hidden.

    orders : one row per stop; sectors : one per candidate; wrong : where orders break a rule
    """

    @property
    def meta(self) -> Mapping[str, Any]: ...
    @property
    def frames(self) -> Mapping[str, pd.DataFrame]: ...
    @property
    def whole(self) -> bool: ...
    @property
    def orders(self) -> pd.DataFrame: ...
    @property
    def sectors(self) -> pd.DataFrame: ...
    @property
    def wrong(self) -> pd.DataFrame: ...

    @property
    def tired(self) -> list[str]:
        """Teams with more nights, or less rest after one, than the rules of the plan allow."""
        ...


class Compared(Protocol):
    """Plan against done: totals by planned and explore, and single figures by name."""

    @property
    def summary(self) -> pd.DataFrame: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


class Planner(Protocol):
    """Plans as one viewer may use them; who may not do a thing is refused."""

    @property
    def refusal(self) -> type[Exception]:
        """What is raised where he asks for what cannot be done; it has a `key` and `values`."""
        ...

    @property
    def user(self) -> str: ...
    @property
    def actions(self) -> Collection[str]: ...

    @property
    def rights(self) -> Rights: ...

    def may(self, action: str, whole: bool, /) -> bool:
        """Whether he may do a thing to a plan of which he sees all, or only a part."""
        ...

    def roster_kind(self, synthetic: bool, /) -> str:
        """Whose teams a plan gets: "own", "invented" or "" (none)."""
        ...

    def listing(self) -> pd.DataFrame:
        """The plans, newest first."""
        ...

    def view(self, plan: str, /) -> OpenedPlan:
        """The newest version of a plan."""
        ...

    def history(self, plan: str, /) -> pd.DataFrame:
        """Every version, oldest first."""
        ...

    def newest_assessment(self) -> str:
        """Id of the newest assessment, "" if there is none."""
        ...

    def weeks(self) -> Sequence[pd.Timestamp]:
        """Mondays to plan for."""
        ...

    def make(
        self,
        first_day: pd.Timestamp,
        seed: int,
        roster: NamedBytes | None,
        progress: Callable[[str, float], object],
        /,
    ) -> str:
        """Make a plan and give its id.

        `first_day` is its Monday, `seed` draws the mix, `roster` the file of the teams if one is
        brought, `progress` is told the step and the share that is done (0 to 1).
        """
        ...

    def edit(self, plan: str, version: int, changes: pd.DataFrame, reason: str, /) -> int:
        """Make the `changes` in a `version` of a `plan` for a `reason`; gives the new version."""
        ...

    def try_edit(
        self, plan: str, version: int, changes: pd.DataFrame, /
    ) -> tuple[OpenedPlan, OpenedPlan]:
        """A `version` of a `plan` as it is and as `changes` would make it; nothing is kept."""
        ...

    def restore(self, plan: str, version: int, earlier: int, reason: str, /) -> int:
        """Bring the `earlier` version of a `plan` back over `version`, for a `reason`."""
        ...

    def odd(self, opened: Any, /) -> Sequence[Odd]:
        """What is unusual about an opened plan; if anything is, approving needs a reason."""
        ...

    def approve(self, plan: str, version: int, reason: str = "", /) -> int:
        """Approve a `version` of a `plan`; a `reason` may be told, and must if it is unusual."""
        ...

    def sign(self, plan: str, version: int, reason: str = "", /) -> int:
        """Sign an approved `version` of a `plan`; a `reason` may be told."""
        ...

    def export(self, plan: str, kind: str, team: str, lang: str, /) -> NamedBytes:
        """The orders of a `plan` as a file of a `kind`, of one `team` or "" for all, in `lang`."""
        ...

    def file_name(self, meta: Mapping[str, Any], kind: str, team: str, /) -> str:
        """The name of that file: of the plan with this `meta`, a `kind`, a `team` ("" for all)."""
        ...

    def compare(
        self, plan: str, given: NamedBytes | None, form: pd.DataFrame | None, /
    ) -> Compared:
        """A `plan` against what was done: as a file (`given`) or a `form` says, or the records."""
        ...


class Upload(Protocol):
    """A file that a person chose."""

    @property
    def name(self) -> str: ...
    @property
    def file_id(self) -> str: ...

    def getvalue(self) -> bytes:
        """Its content."""
        ...


class Shared(Protocol):
    """What several receivers of a patrol told: how many tracks are of one with another."""

    @property
    def tracks(self) -> int: ...


class FileReading(Protocol):
    """What one file holds, before it is kept; `parts` has one reading for each kind of rows."""

    @property
    def parts(self) -> Sequence["FileReading"]: ...
    @property
    def kind(self) -> str: ...
    @property
    def kept(self) -> pd.DataFrame: ...
    @property
    def set_aside(self) -> pd.DataFrame: ...
    @property
    def n_read(self) -> int: ...
    @property
    def n_without_place(self) -> int: ...
    @property
    def notes(self) -> Sequence[str]: ...
    @property
    def unknown_words(self) -> pd.DataFrame: ...
    @property
    def mends(self) -> pd.DataFrame: ...
    @property
    def source_name(self) -> str: ...
    @property
    def synthetic(self) -> bool: ...
    @property
    def together(self) -> Shared: ...


class Stored(Protocol):
    """What one import did: numbers of rows (n_new, n_corrected, …), and of what came with it."""

    @property
    def import_id(self) -> str: ...
    @property
    def repeated(self) -> bool: ...
    @property
    def replaced(self) -> Sequence[str]: ...
    @property
    def also(self) -> Sequence["Stored"]: ...


class Steward(Protocol):
    """The store as one viewer may use it; who may not do a thing is refused.

    mark : changes with the data and with the viewer: the key of whatever is kept for a while
    """

    @property
    def refusal(self) -> type[Exception]:
        """What is raised where he asks for what cannot be done; it has a `key` and `values`."""
        ...

    @property
    def mark(self) -> str: ...

    @property
    def rights(self) -> Rights: ...

    def agency(self, code: str, /) -> str:
        """What an agency is called."""
        ...

    def event_type(self, code: str, lang: str, /) -> str:
        """What an event type is called."""
        ...

    def names_persons(self, problem: Exception, /) -> bool:
        """Whether a file was refused because it names persons."""
        ...

    def sources(self, lang: str, /) -> Mapping[str, str]:
        """The crosswalks by name, with their titles."""
        ...

    def draft(self, name: str, content: bytes, /) -> tuple[str, Sequence[str]]:
        """A crosswalk for a new agency's file, and what could not be placed."""
        ...

    def imports(self) -> pd.DataFrame:
        """The imports, newest first."""
        ...

    def undo(self, import_id: str, reason: str, /) -> None:
        """Take an import out of every count."""
        ...

    def set_aside(self) -> pd.DataFrame:
        """The set-aside rows."""
        ...

    def unknown_words(self) -> pd.DataFrame:
        """Words nobody knows."""
        ...

    def workbook(self, rows: pd.DataFrame, reasons: pd.Series, /) -> bytes:
        """Set-aside rows as XLSX to be mended."""
        ...

    def events(self) -> pd.DataFrame:
        """The current records."""
        ...

    def flags(self, events: pd.DataFrame, /) -> pd.DataFrame:
        """Quality flags per agency."""
        ...

    def find_twins(self) -> int:
        """Compare all records again."""
        ...

    def twins_are_old(self) -> bool:
        """Whether records came or went since they were compared."""
        ...

    def queue(self, events: pd.DataFrame, /) -> pd.DataFrame:
        """Pairs that a person should look at."""
        ...

    def decide(self, pair: tuple[str, str], outcome: str, /) -> None:
        """Say that two records tell of one event, of two, or take it back."""
        ...

    def says(self, events: pd.DataFrame, /) -> pd.DataFrame:
        """Events that several agencies tell of with differing figures."""
        ...

    def decided(self, events: pd.DataFrame, /) -> pd.DataFrame:
        """What was said about pairs."""
        ...

    def freshness(self, now: pd.Timestamp, /) -> pd.DataFrame:
        """Per agency how fresh its record is."""
        ...

    def nowcast(self, events: pd.DataFrame, agency: str, now: pd.Timestamp, /) -> pd.DataFrame:
        """How many `events` of an `agency` its last weeks will have, as known `now` (UTC)."""
        ...


#: what a steward previews he may keep, and nothing that only looks like it
R = TypeVar("R", bound=FileReading)


class Bringer(Steward, Protocol[R]):
    """A steward who brings files."""

    @property
    def preview_rows(self) -> int: ...

    def preview(
        self,
        name: str,
        content: bytes,
        source: str | None,
        progress: Callable[[float, str], object],
        places: tuple[str, ...],
        /,
    ) -> R:
        """Read a file without keeping anything of it.

        `name` and `content` of the file, `source` the crosswalk (None: recognised), `progress`
        is told the share that is done and what is being done, `places` are columns that hold
        places.
        """
        ...

    def count_receivers(self, reading: R, each: bool, /) -> R:
        """The reading with every receiver of a patrol counted, or each patrol once."""
        ...

    def foreign(self, reading: R, /) -> Sequence[str]:
        """Agencies whose records the viewer may not bring."""
        ...

    def keep(self, reading: R, /) -> Stored:
        """Store what was read."""
        ...


class Checked(Protocol):
    """What a check of the audit log found: lines, reasons, anchors compared, moment of the last."""

    @property
    def lines(self) -> int: ...
    @property
    def faults(self) -> Sequence[str]: ...
    @property
    def anchors(self) -> int: ...
    @property
    def anchored(self) -> pd.Timestamp | None: ...


#: which lines of the log are meant, as its desk says it
A = TypeVar("A")


class LogDesk(Protocol[A]):
    """The audit log, as far as one viewer may read it."""

    @property
    def refusal(self) -> type[Exception]: ...
    @property
    def actions(self) -> Sequence[str]: ...
    @property
    def kinds(self) -> Sequence[str]: ...

    def asked(
        self,
        action: str,
        user: str | None,
        since: pd.Timestamp | None,
        until: pd.Timestamp | None,
        text: str,
        /,
    ) -> A:
        """Which lines are meant.

        `action` and `text` are "" and the rest None for all: `user` as he stands in the log, "" for
        nobody who is known, `since` and `until` the first and last local day.
        """
        ...

    def note_look(self) -> None:
        """Put down that the log was looked at."""
        ...

    def users(self) -> Sequence[str]:
        """Everybody who stands in the log."""
        ...

    def count(self, asked: A, /) -> int:
        """How many lines there are."""
        ...

    def lines(self, asked: A, last: int, skip: int, /) -> pd.DataFrame:
        """The `last` lines that were `asked` for, after the newest `skip`."""
        ...

    def export(self, asked: A, kind: str, /) -> bytes:
        """Those lines as a file."""
        ...

    def verify(self) -> Checked:
        """Check the chain of the log."""
        ...


class Health(Protocol):
    """How the service is: moments (UTC) and sizes (bytes)."""

    @property
    def assessed(self) -> pd.Timestamp | None: ...
    @property
    def damaged(self) -> int: ...
    @property
    def delivered(self) -> Mapping[str, pd.Timestamp]: ...
    @property
    def backed_up(self) -> pd.Timestamp | None: ...
    @property
    def backups(self) -> int: ...
    @property
    def free(self) -> int: ...
    @property
    def size(self) -> int: ...
    @property
    def anchored(self) -> bool: ...


class AdminDesk(Protocol):
    """Users, tokens, sessions and health, as far as one viewer looks after them."""

    @property
    def refusal(self) -> type[Exception]: ...
    @property
    def ends_sessions(self) -> bool: ...

    def users(self) -> pd.DataFrame:
        """Everybody in the file of users."""
        ...

    def tokens(self) -> pd.DataFrame:
        """Every token."""
        ...

    def revoke(self, user: str, name: str) -> None:
        """Let a token of a user open nothing any more."""
        ...

    def end_sessions(self, user: str) -> None:
        """End all sessions of a person."""
        ...

    def health(self) -> Health:
        """How the service is."""
        ...

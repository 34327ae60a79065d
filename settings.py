"""config.toml -> frozen Settings; names every missing, unknown or impossible key at once."""

import dataclasses
import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_type_hints

from data import anchors, toml_text
from data.errors import DataError
from data.findings import reason
from data.gate.identity import SignIn
from geo import calendar
from geo.impossible import Fault, fault
from ui.words import clock

#: way of signing in -> the claim (or key of a proxy's header) that names the person by default
CLAIMS = {"proxy": "login", "oidc": "preferred_username"}
HERE = Path(__file__).resolve().parent
#: shortest stay but for ever: earlier plans are asked when one is made, a log outlives a year
RETENTION_LEAST = {"plans_weeks": 12, "audit_years": 1}
#: forms that a value may have
FORMS = {
    "whole": "a whole number",
    "number": "a number",
    "text": "a text",
    "path": "a path",
    "texts": "a list of texts",
    "wholes": "a list of whole numbers",
}


def _least(section: object, least: float, *names: str) -> Iterator[Fault]:
    """Numbers of a section that are below their least."""
    for name in names:
        if not getattr(section, name) >= least:
            given = str(getattr(section, name))
            what = f"{name} is at least {least}, got {given}"
            yield fault("setting_least", what, name=name, least=least, given=given)


def _between(section: object, least: float, most: float, *names: str) -> Iterator[Fault]:
    """Numbers of a section that are below their least or above their most."""
    for name in names:
        if not least <= getattr(section, name) <= most:
            given = str(getattr(section, name))
            what = f"{name} is {least} to {most}, got {given}"
            yield fault("setting_between", what, name=name, least=least, most=most, given=given)


def _one_of(section: object, known: tuple[str, ...], name: str) -> Iterator[Fault]:
    """A text of a section that is none of those it may be."""
    given = getattr(section, name)
    if given not in known:
        what = f"{name} is one of {', '.join(known)}, got {given!r}"
        yield fault("not_offered", what, name=name, known=list(known), given=given)


@dataclass(frozen=True)
class AreaSettings:
    name: str
    land: Path
    resolution: int
    time_zone: str = calendar.HOME
    border: Path | None = None
    districts: Path | None = None
    subdistricts: Path | None = None
    cells: Path | None = None
    desa: Path | None = None
    towns: Path | None = None
    posts: Path | None = None
    backdrop: Path | None = None
    licence: str = ""
    attribution: str = ""

    def faults(self) -> Iterator[Fault]:
        if not 0 <= self.resolution <= 10:
            what = f"resolution is an H3 resolution, 0 to 10, got {self.resolution}"
            yield fault("setting_resolution", what, given=str(self.resolution))
        if not calendar.is_zone(self.time_zone):
            what = f"time_zone is an IANA zone like Asia/Makassar, got {self.time_zone!r}"
            yield fault("setting_zone", what, given=self.time_zone)


@dataclass(frozen=True)
class StoreSettings:
    url: str
    folder: Path
    keep_assessments: int = 60
    backup_key: Path | None = None
    backup_recipients: tuple[str, ...] = ()

    @property
    def key_file(self) -> Path:
        """The key file of the backups."""
        return self.backup_key or self.folder / "backup.key"

    def faults(self) -> Iterator[Fault]:
        if not self.url.startswith(("sqlite:", "postgresql")):
            given = self.url.split(":")[0]
            what = f"url starts with sqlite: or postgresql, got {given!r}"
            yield fault("setting_store_url", what, given=given)
        yield from _least(self, 1, "keep_assessments")
        for given in self.backup_recipients:
            if not re.fullmatch(r"age1[02-9ac-hj-np-z]{58}", given):
                shown = given[:12]  # it may be a secret key, by mistake
                what = f"backup_recipients lists public keys age1…, got {shown!r}"
                yield fault("setting_recipient", what, given=shown)


@dataclass(frozen=True)
class ModelSettings:
    history_weeks: int = 156
    horizon_weeks: tuple[int, ...] = (1, 4, 12)
    origins: int = 12
    observed_weeks: int = 12
    seeds: int = 3

    def faults(self) -> Iterator[Fault]:
        yield from _least(self, 1, "history_weeks", "origins", "observed_weeks", "seeds")
        if not self.horizon_weeks or min(self.horizon_weeks) < 1:
            given = str(list(self.horizon_weeks))
            what = f"horizon_weeks lists whole weeks from 1, got {given}"
            yield fault("setting_weeks", what, given=given)


@dataclass(frozen=True)
class HotspotSettings:
    coverage: float = 0.01
    least_expected: float = 0.001
    max_sector_cells: int = 12

    def faults(self) -> Iterator[Fault]:
        if not 0 < self.coverage <= 1:
            what = f"coverage is a share of the area, 0 < coverage <= 1, got {self.coverage}"
            yield fault("coverage_impossible", what, given=str(self.coverage))
        yield from _least(self, 0, "least_expected")
        yield from _least(self, 1, "max_sector_cells")


@dataclass(frozen=True)
class PlanSettings:
    roster: Path | None = None
    hours_per_week: float = 40.0
    shift_hours: float = 8.0
    sectors: int = 300
    block_minutes: int = 30
    min_stop_minutes: int = 60
    max_sector_minutes: int = 1440
    max_sector_minutes_4w: int = 4320
    max_stops: int = 3
    explore_share: float = 0.15
    explore_after_weeks: int = 4
    due_weeks: int = 12
    night_share: float = 0.35
    most_nights: int = 3
    rest_after_night_hours: float = 11.0
    floor: float = 0.05
    plans: int = 48
    largest_share: float = 0.2
    robust: float = 0.0
    optimism: float = 0.5
    fallback_strength_per_hour: float = 0.5
    gap: float = 0.02
    time_limit_s: float = 30.0
    seed: int = 0

    def faults(self) -> Iterator[Fault]:
        shares = ("explore_share", "night_share", "floor", "robust", "optimism")
        yield from _between(self, 0, 1, *shares)
        for name in ("largest_share", "gap"):
            if not 0 < getattr(self, name) <= 1:
                given = str(getattr(self, name))
                what = f"{name} is a share above 0 and at most 1, got {given}"
                yield fault("setting_share", what, name=name, given=given)
        counts = ("sectors", "block_minutes", "max_stops", "explore_after_weeks", "plans")
        yield from _least(self, 1, *counts)
        yield from _between(self, 0, 7, "most_nights")
        yield from _between(self, 0, 48, "rest_after_night_hours")
        if self.max_stops > 4:
            yield from _between(self, 1, 4, "max_stops")
        yield from _least(self, 4, "due_weeks")
        shift = list(_between(self, 1, 16, "shift_hours"))
        yield from shift or _between(self, self.shift_hours, 112, "hours_per_week")
        if not self.block_minutes <= self.min_stop_minutes <= self.max_sector_minutes:
            given = f"{self.block_minutes}, {self.min_stop_minutes}, {self.max_sector_minutes}"
            what = f"block_minutes <= min_stop_minutes <= max_sector_minutes, got {given}"
            yield fault("setting_minutes", what, given=given)
        yield from _least(self, self.max_sector_minutes, "max_sector_minutes_4w")
        for name in ("fallback_strength_per_hour", "time_limit_s"):
            if getattr(self, name) <= 0:
                given = str(getattr(self, name))
                yield fault("setting_positive", f"{name} is above 0, got {given}", name=name,
                            given=given)  # fmt: skip
        yield from _least(self, 0, "seed")


@dataclass(frozen=True)
class ScreenSettings:
    language: str = "id"
    stale_days: int = 10

    def faults(self) -> Iterator[Fault]:
        yield from _one_of(self, ("id", "en"), "language")


@dataclass(frozen=True)
class AccessSettings:
    users: Path | None = None
    sign_in: str = "proxy"
    name_claim: str = ""
    groups_claim: str = ""
    proofs: tuple[str, ...] = ()
    session_hours: float = 12.0
    idle_minutes: float = 60.0
    proxy_secret: Path | None = None

    def faults(self) -> Iterator[Fault]:
        yield from _one_of(self, tuple(CLAIMS), "sign_in")
        yield from _least(self, 0, "session_hours", "idle_minutes")
        if self.proofs and self.sign_in != "oidc":
            what = 'proofs are demanded of a provider: set sign_in = "oidc"'
            yield fault("setting_proofs", what)
        if self.proxy_secret is not None and self.sign_in != "proxy":
            what = 'proxy_secret is shared with a proxy: set sign_in = "proxy"'
            yield fault("setting_proxy_secret", what)

    @property
    def rules(self) -> SignIn:
        """How a person is known. A proxy ends its own sessions, and says no moment of sign-in."""
        hours = self.session_hours if self.sign_in == "oidc" else 0.0
        return SignIn(
            self.name_claim or CLAIMS.get(self.sign_in, ""), self.groups_claim, self.proofs, hours
        )


@dataclass(frozen=True)
class WeeklySettings:
    inbox: Path | None = None
    backups: Path | None = None
    keep_backups: int = 8
    run_at: str = ""

    def faults(self) -> Iterator[Fault]:
        yield from _least(self, 1, "keep_backups")
        if self.run_at and not calendar.is_weekly(self.run_at):
            what = f"run_at is a day and a time like Mon 05:00, got {self.run_at!r}"
            yield fault("setting_run_at", what, given=self.run_at)

    @property
    def due(self) -> calendar.Weekly | None:
        """When the dashboard itself starts the weekly run; None: something else does."""
        return calendar.weekly(self.run_at) if self.run_at else None


@dataclass(frozen=True)
class RetentionSettings:
    """How long each kind of thing is kept; 0 keeps it for ever."""

    records_years: int = 0
    aside_weeks: int = 0
    audit_years: int = 0
    plans_weeks: int = 0
    papers_weeks: int = 0
    inbox_weeks: int = 0

    def faults(self) -> Iterator[Fault]:
        for name, given in vars(self).items():
            least = RETENTION_LEAST.get(name, 1)
            if given != 0 and given < least:
                what = f"{name} is 0 (for ever) or at least {least}, got {given}"
                yield fault("setting_retention", what, name=name, least=least, given=str(given))


@dataclass(frozen=True)
class NoticeSettings:
    people: Path | None = None
    smtp: str = ""
    smtp_login: Path | None = None
    sender: str = ""
    webhook: str = ""
    webhook_secret: Path | None = None
    address: str = ""

    def faults(self) -> Iterator[Fault]:
        if self.smtp and not self.smtp.startswith(("smtp://", "starttls://", "smtps://")):
            what = f"smtp is an address like starttls://surat.example.go.id:587, got {self.smtp!r}"
            yield fault("setting_smtp", what, given=self.smtp)
        if self.people is not None and not (self.smtp and self.sender):
            yield fault("setting_mail", "people are told by mail: name smtp and sender too")
        if self.webhook and not self.webhook.startswith(("http://", "https://")):
            what = f"webhook is an address like https://…, got {self.webhook!r}"
            yield fault("setting_webhook", what, given=self.webhook)
        if self.webhook and self.webhook_secret is None:
            what = "a webhook is signed: name the file of its webhook_secret"
            yield fault("setting_webhook_secret", what)

    @property
    def wanted(self) -> bool:
        """Whether anybody is told anything."""
        return self.people is not None or bool(self.webhook)


@dataclass(frozen=True)
class MetricsSettings:
    """Where a monitor reads how the server fares; port 0: nowhere."""

    port: int = 0

    def faults(self) -> Iterator[Fault]:
        yield from _between(self, 0, 65_535, "port")


@dataclass(frozen=True)
class LogSettings:
    """How the server's own log is written."""

    form: str = "text"

    def faults(self) -> Iterator[Fault]:
        yield from _one_of(self, ("text", "json"), "form")


@dataclass(frozen=True)
class AuditSettings:
    anchor: str = ""
    anchor_key: Path | None = None

    def faults(self) -> Iterator[Fault]:
        if self.anchor and not anchors.is_target(self.anchor):
            what = f"anchor is file:/path, syslog or syslog:host:port, got {self.anchor!r}"
            yield fault("setting_anchor", what, given=self.anchor)
        if self.anchor and self.anchor_key is None:
            yield fault("setting_anchor_key", "anchor needs anchor_key, the key that signs")

    @property
    def anchor_file(self) -> Path | None:
        """The file in which anchors are written down, None where none is."""
        return anchors.file_of(self.anchor) if self.anchor else None


@dataclass(frozen=True)
class Settings:
    """All of config.toml; `version` changes whenever a value that shapes an assessment does."""

    area: AreaSettings
    store: StoreSettings
    model: ModelSettings
    hotspots: HotspotSettings
    plan: PlanSettings
    screen: ScreenSettings
    access: AccessSettings
    weekly: WeeklySettings
    retention: RetentionSettings
    notices: NoticeSettings
    metrics: MetricsSettings
    log: LogSettings
    audit: AuditSettings
    path: Path

    @property
    def version(self) -> str:
        """Short hash over the sections that decide what an assessment says."""
        area = {
            key: value.name if isinstance(value, Path) else value
            for key, value in vars(self.area).items()
            if key not in ("licence", "attribution")  # what is said of it, not what shapes it
        }
        text = json.dumps({"area": area, "model": vars(self.model)}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:10]


def load_settings(path: Path | str | None = None) -> Settings:
    """Read a config.toml; by default the one named by KALBAR_CONFIG, else the one beside this file.

    Raises
    ------
    DataError
        Naming every missing, unknown or impossible key at once.
    """
    path = Path(path or os.environ.get("KALBAR_CONFIG") or HERE / "config.toml").resolve()
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        what = f"no settings at {path}; copy config.toml there"
        raise DataError(what, key="no_settings", path=str(path)) from None
    settings = _parse(content, path)
    clock.use(settings.area.time_zone)  # a process serves one area, and its screens tell its time
    return settings


@lru_cache(maxsize=8)
def _parse(written: bytes, path: Path) -> Settings:
    """The settings in a file; the dashboard asks at every click, so what was read is kept."""
    content = toml_text.parse(written, path.name)
    sections: dict[str, Any] = {
        field.name: field.type for field in dataclasses.fields(Settings) if field.name != "path"
    }
    faults = [
        reason("setting_section", f"unknown section [{name}]", name=name)
        for name in content
        if name not in sections
    ]
    made: dict[str, Any] = {}
    for name, kind in sections.items():
        values, problems = _read_section(kind, content.get(name, {}), path.parent)
        if not problems:
            made[name] = kind(**values)
            problems = list(made[name].faults())
        faults += [
            reason(one.key, f"[{name}] {one.sentence}", where=f"[{name}]", **one.values)
            for one in problems
        ]
    if faults:
        raise DataError.of(faults, path.name)
    return Settings(**made, path=path)


def _read_section(
    kind: type, given: dict[str, Any], folder: Path
) -> tuple[dict[str, Any], list[Fault]]:
    hints = get_type_hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind)}
    problems = [
        fault("setting_unknown", f"unknown key {key}", name=key)
        for key in given
        if key not in fields
    ]
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name in given:
            try:
                values[name] = _convert(given[name], hints[name], folder)
            except TypeError:
                form = _form(hints[name])
                what = f"{name} is {FORMS[form]}, got {given[name]!r}"
                problems.append(
                    fault("setting_form", what, name=name, form=form, given=repr(given[name]))
                )
        elif field.default is dataclasses.MISSING:
            problems.append(fault("setting_missing", f"{name} is missing", name=name))
    return values, problems


def _convert(value: Any, kind: Any, folder: Path) -> Any:
    if isinstance(kind, UnionType):  # Path | None: an empty text means none
        return None if value == "" else _convert(value, get_args(kind)[0], folder)
    if kind is Path:
        if not isinstance(value, str):
            raise TypeError
        return (folder / value).resolve()
    if get_args(kind):  # tuple[int, ...]
        if not isinstance(value, list):
            raise TypeError
        return tuple(_convert(entry, get_args(kind)[0], folder) for entry in value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not kind:
        raise TypeError
    if kind is str and value.startswith("sqlite:///") and not value.startswith("sqlite:////"):
        return f"sqlite:///{(folder / value.removeprefix('sqlite:///')).resolve()}"
    return value


def _form(kind: Any) -> str:
    """The name of a form of value, see FORMS."""
    if isinstance(kind, UnionType):
        kind = get_args(kind)[0]
    names = {int: "whole", float: "number", str: "text", Path: "path"}
    return names.get(kind, "texts" if str in get_args(kind) else "wholes")

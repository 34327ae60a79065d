"""config.toml -> frozen Settings; names every missing, unknown or impossible key at once."""

import dataclasses
import hashlib
import json
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_type_hints

from data.errors import DataError
from data.gate.identity import SignIn
from geo import calendar
from ui.words import clock

#: way of signing in -> the claim (or key of a proxy's header) that names the person by default
CLAIMS = {"proxy": "login", "oidc": "preferred_username"}
HERE = Path(__file__).resolve().parent


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

    def faults(self) -> Iterator[str]:
        if not 0 <= self.resolution <= 10:
            yield f"resolution is an H3 resolution, 0 to 10, got {self.resolution}"
        if not calendar.is_zone(self.time_zone):
            yield f"time_zone is an IANA zone like Asia/Makassar, got {self.time_zone!r}"


@dataclass(frozen=True)
class StoreSettings:
    url: str
    folder: Path
    keep_assessments: int = 60

    def faults(self) -> Iterator[str]:
        if not self.url.startswith(("sqlite:", "postgresql")):
            yield f"url starts with sqlite: or postgresql, got {self.url.split(':')[0]!r}"
        if self.keep_assessments < 1:
            yield f"keep_assessments is at least 1, got {self.keep_assessments}"


@dataclass(frozen=True)
class ModelSettings:
    history_weeks: int = 156
    horizon_weeks: tuple[int, ...] = (1, 4, 12)
    origins: int = 12
    observed_weeks: int = 12
    seeds: int = 3

    def faults(self) -> Iterator[str]:
        for name in ("history_weeks", "origins", "observed_weeks", "seeds"):
            if getattr(self, name) < 1:
                yield f"{name} is at least 1, got {getattr(self, name)}"
        if not self.horizon_weeks or min(self.horizon_weeks) < 1:
            yield f"horizon_weeks lists whole weeks from 1, got {list(self.horizon_weeks)}"


@dataclass(frozen=True)
class HotspotSettings:
    coverage: float = 0.01
    least_expected: float = 0.001
    max_sector_cells: int = 12

    def faults(self) -> Iterator[str]:
        if not 0 < self.coverage <= 1:
            yield f"coverage is a share of the area, 0 < coverage <= 1, got {self.coverage}"
        if not self.least_expected >= 0:
            yield f"least_expected is a number of events from 0, got {self.least_expected}"
        if self.max_sector_cells < 1:
            yield f"max_sector_cells is at least 1, got {self.max_sector_cells}"


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
    floor: float = 0.05
    plans: int = 48
    largest_share: float = 0.2
    robust: float = 0.0
    optimism: float = 0.5
    fallback_strength_per_hour: float = 0.5
    gap: float = 0.02
    time_limit_s: float = 30.0
    seed: int = 0

    def faults(self) -> Iterator[str]:
        for name in ("explore_share", "night_share", "floor", "robust", "optimism"):
            if not 0 <= getattr(self, name) <= 1:
                yield f"{name} is a share, 0 to 1, got {getattr(self, name)}"
        for name in ("largest_share", "gap"):
            if not 0 < getattr(self, name) <= 1:
                yield f"{name} is a share, 0 < {name} <= 1, got {getattr(self, name)}"
        for name in ("sectors", "block_minutes", "max_stops", "explore_after_weeks", "plans"):
            if getattr(self, name) < 1:
                yield f"{name} is at least 1, got {getattr(self, name)}"
        if self.max_stops > 4:
            yield f"max_stops is at most 4, got {self.max_stops}"
        if self.due_weeks < 4:
            yield f"due_weeks is at least 4, got {self.due_weeks}"
        if not 1 <= self.shift_hours <= 16:
            yield f"shift_hours is 1 to 16, got {self.shift_hours}"
        elif not self.shift_hours <= self.hours_per_week <= 112:
            yield f"hours_per_week is one shift to 112, got {self.hours_per_week}"
        if not self.block_minutes <= self.min_stop_minutes <= self.max_sector_minutes:
            yield (
                "block_minutes <= min_stop_minutes <= max_sector_minutes, got "
                f"{self.block_minutes}, {self.min_stop_minutes}, {self.max_sector_minutes}"
            )
        if self.max_sector_minutes_4w < self.max_sector_minutes:
            yield (
                "max_sector_minutes_4w is at least max_sector_minutes, got "
                f"{self.max_sector_minutes_4w}"
            )
        if self.fallback_strength_per_hour <= 0 or self.time_limit_s <= 0 or self.seed < 0:
            yield "fallback_strength_per_hour and time_limit_s are above 0, seed is 0 or more"


@dataclass(frozen=True)
class ScreenSettings:
    language: str = "id"
    stale_days: int = 10

    def faults(self) -> Iterator[str]:
        if self.language not in ("id", "en"):
            yield f"language is id or en, got {self.language!r}"


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

    def faults(self) -> Iterator[str]:
        if self.sign_in not in CLAIMS:
            yield f"sign_in is one of {', '.join(CLAIMS)}, got {self.sign_in!r}"
        for name in ("session_hours", "idle_minutes"):
            if not getattr(self, name) >= 0:
                yield f"{name} is a number from 0 (no limit), got {getattr(self, name)}"
        if self.proofs and self.sign_in != "oidc":
            yield 'proofs are demanded of a provider: set sign_in = "oidc"'
        if self.proxy_secret is not None and self.sign_in != "proxy":
            yield 'proxy_secret is shared with a proxy: set sign_in = "proxy"'

    @property
    def rules(self) -> SignIn:
        """How a person is known. A proxy ends its own sessions, and says no moment of sign-in."""
        hours = self.session_hours if self.sign_in == "oidc" else 0.0
        return SignIn(
            self.name_claim or CLAIMS.get(self.sign_in, ""), self.groups_claim, self.proofs, hours
        )


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
    path: Path

    @property
    def version(self) -> str:
        """Short hash over the sections that decide what an assessment says."""
        area = {
            key: value.name if isinstance(value, Path) else value
            for key, value in vars(self.area).items()
            if key not in ("licence", "attribution")  # what is said of it, not what shapes it
        }
        told = json.dumps({"area": area, "model": vars(self.model)}, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:10]


def load_settings(path: Path | str | None = None) -> Settings:
    """Read a config.toml; by default the one named by KALBAR_CONFIG, else the one beside this file.

    Raises
    ------
    DataError
        Naming every missing, unknown or impossible key at once.
    """
    path = Path(path or os.environ.get("KALBAR_CONFIG") or HERE / "config.toml").resolve()
    try:
        settings = _parse(path.read_text(encoding="utf-8"), path)
    except FileNotFoundError:
        what = f"no settings at {path}; copy config.toml there"
        raise DataError(what, key="no_settings", path=str(path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        what = f"{path.name} is not readable TOML: {problem}"
        raise DataError(what, key="toml_broken", where=path.name, why=str(problem)) from None
    clock.use(settings.area.time_zone)  # a process serves one area, and its screens tell its time
    return settings


@lru_cache(maxsize=8)
def _parse(text: str, path: Path) -> Settings:
    """The settings in a text; the dashboard asks at every click, so what was read is kept."""
    told = tomllib.loads(text)
    sections: dict[str, Any] = {
        field.name: field.type for field in dataclasses.fields(Settings) if field.name != "path"
    }
    faults = [f"unknown section [{name}]" for name in told if name not in sections]
    made: dict[str, Any] = {}
    for name, kind in sections.items():
        values, problems = _read_section(kind, told.get(name, {}), path.parent)
        faults += [f"[{name}] {problem}" for problem in problems]
        if not problems:
            made[name] = kind(**values)
            faults += [f"[{name}] {problem}" for problem in made[name].faults()]
    if faults:
        wrong = "; ".join(faults)
        raise DataError(f"{path.name}: {wrong}", key="settings_wrong", where=path.name, told=wrong)
    return Settings(**made, path=path)


def _read_section(
    kind: type, told: dict[str, Any], folder: Path
) -> tuple[dict[str, Any], list[str]]:
    hints = get_type_hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind)}
    problems = [f"unknown key {key}" for key in told if key not in fields]
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name in told:
            try:
                values[name] = _convert(told[name], hints[name], folder)
            except TypeError:
                problems.append(f"{name} is {_say(hints[name])}, got {told[name]!r}")
        elif field.default is dataclasses.MISSING:
            problems.append(f"{name} is missing")
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


def _say(kind: Any) -> str:
    names = {int: "a whole number", float: "a number", str: "a text", Path: "a path"}
    if isinstance(kind, UnionType):
        return names[get_args(kind)[0]]
    return names.get(
        kind, "a list of texts" if str in get_args(kind) else "a list of whole numbers"
    )

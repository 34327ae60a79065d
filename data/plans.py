"""Plans that people sign: every version kept, every change with who, when and why.

draft -> edited -> approved -> signed; an approved plan may still be edited, with a reason, and
then has to be approved again; a signed one is closed. A version is a folder, written aside and
renamed: readers never see half of one, and of two who change the same version the second is told.
Each change is a line in the append-only log (`data.audit`); its reason stands in the version alone.
"""

import json
import re
import uuid
from pathlib import Path

import pandas as pd

from data import assessments, audit
from data.errors import DataError
from data.said import NOTHING, Said, code_of, plain_of

FOLDER = "plans"
STATUSES = ("draft", "edited", "approved", "signed")
#: status -> what it may become
NEXT = {
    "draft": {"edited", "approved"},
    "edited": {"edited", "approved"},
    "approved": {"edited", "signed"},
    "signed": set(),
}
LOGGED = {"draft": "assess", "edited": "override", "approved": "approve", "signed": "publish"}
#: local hours between which a shift that was moved begins by day
NIGHT_ENDS, NIGHT_BEGINS = 5, 17
EDITABLE = ("team_id", "start", "stay_minutes", "action", "note")
_VERSION = re.compile(r"v(\d{4})")


def create(store, frames: dict[str, pd.DataFrame], meta: dict, by: str) -> str:
    """Keep a new plan as a draft; gives its id.

    Parameters
    ----------
    store : data.store.Store
    frames : tables by name, `orders` among them
    meta : plain values: first_day, seed, assessment, versions
    by : who made it
    """
    now = pd.Timestamp.now("UTC")
    plan = f"{now.strftime('%Y%m%dT%H%M%S.%fZ')}-{uuid.uuid4().hex[:6]}"
    folder = _root(store) / plan
    folder.mkdir(parents=True)
    _write(folder, 1, frames, {**meta, "plan": plan}, "draft", by, "made", now)
    _log(store, "draft", plan, 1, by)
    return plan


def listing(store) -> pd.DataFrame:
    """All plans, newest first: plan, version, status, by, at, reason, first_day, synthetic."""
    rows = []
    for name in reversed(_names(store)):
        meta = read_meta(store, name)
        rows.append(
            {
                **{key: meta[key] for key in ("plan", "version", "status", "by", "at", "reason")},
                "first_day": meta.get("first_day", ""),
                "assessment": meta.get("assessment", ""),
                "synthetic": bool(meta.get("synthetic", False)),
            }
        )
    columns = ["plan", "version", "status", "by", "at", "reason"]
    return pd.DataFrame(
        rows, columns=None if rows else [*columns, "first_day", "assessment", "synthetic"]
    )


def read(
    store, plan: str | None = None, version: int | None = None
) -> tuple[dict, dict[str, pd.DataFrame]]:
    """Meta and tables of a plan: the newest, in its newest version, unless named.

    Raises
    ------
    MissingTable
        If there is no such plan or version.
    """
    meta = read_meta(store, plan, version)
    folder = _root(store) / meta["plan"] / f"v{meta['version']:04d}"
    return meta, {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}


def read_meta(store, plan: str | None = None, version: int | None = None) -> dict:
    """What a version says about itself."""
    names = _names(store)
    if plan is None and not names:
        raise assessments.MissingTable("no plan yet; make one with: kalbar-risk plan make")
    plan = names[-1] if plan is None else plan
    if plan not in names:
        raise assessments.MissingTable(
            f"no plan {plan!r}; see the list with: kalbar-risk plan list"
        )
    known = _versions(store, plan)
    version = known[-1] if version is None else version
    if version not in known:
        raise assessments.MissingTable(f"plan {plan} has versions 1 to {known[-1]}, got {version}")
    path = _root(store) / plan / f"v{version:04d}" / "meta.json"
    return json.loads(path.read_text(encoding="utf-8"))


def history(store, plan: str) -> pd.DataFrame:
    """Every version of a plan, oldest first: version, status, by, at, reason."""
    read_meta(store, plan)
    keys = ["version", "status", "by", "at", "reason"]
    rows = [read_meta(store, plan, version) for version in _versions(store, plan)]
    return pd.DataFrame([{key: row[key] for key in keys} for row in rows])


def edit(store, plan: str, version: int, changes: pd.DataFrame, by: str, reason: Said) -> int:
    """Change orders; gives the new version.

    Parameters
    ----------
    version : the version the changes were made on; refused if there is a newer one
    changes : DataFrame with order_id, seq and any of EDITABLE; a row whose `drop` is true takes
        that stop out; notes are Said
    reason : why, kept with the version

    Raises
    ------
    DataError
        If there is no reason, the plan is signed, somebody else changed it meanwhile, or a change
        names no order, a column that may not be changed, or a team that then would be in two
        places.
    """
    meta, frames = read(store, plan)
    reason = plain_of(reason, "a change")
    _check(meta, version, "edited", by, reason)
    orders = _changed(frames["orders"], changes)
    told = {**frames, "orders": orders}
    if "sectors" in frames:
        told |= _follow(orders, frames)
    # what the plan is worth was computed for the orders as they were made
    meta = {"values_of_version": meta["version"], **meta}
    return _next(store, meta, told, "edited", by, reason)


def restore(store, plan: str, version: int, earlier: int, by: str, reason: Said) -> int:
    """Go back to the orders of an earlier version, as a new version that is edited.

    Nothing of what lies between is lost; it has to be approved again.

    Parameters
    ----------
    version : the newest version, as it was read; refused if there is a newer one
    earlier : the version whose orders are wanted

    Raises
    ------
    DataError
        As `edit` does; also if `earlier` is not before `version`.
    """
    meta = read_meta(store, plan)
    reason = plain_of(reason, "a change")
    _check(meta, version, "edited", by, reason)
    if not earlier < version:
        raise DataError(f"one goes back to a version before {version}, got {earlier}")
    told, frames = read(store, plan, earlier)
    return _next(store, {**told, "version": version}, frames, "edited", by, reason)


def approve(store, plan: str, version: int, by: str, reason: Said = NOTHING) -> int:
    """Approve a version as it stands; gives the new version."""
    meta, frames = read(store, plan)
    reason = plain_of(reason, "a change") or "approved"
    _check(meta, version, "approved", by, reason)
    return _next(store, meta, frames, "approved", by, reason)


def sign(store, plan: str, version: int, by: str, reason: Said = NOTHING) -> int:
    """Sign an approved version: it is closed afterwards."""
    meta, frames = read(store, plan)
    reason = plain_of(reason, "a change") or "signed"
    _check(meta, version, "signed", by, reason)
    return _next(store, meta, frames, "signed", by, reason)


def _check(meta: dict, version: int, status: str, by: str, reason: str) -> None:
    if not by.strip():
        raise DataError("a plan is changed, approved and signed by somebody: give a name")
    if not reason.strip():
        raise DataError("a change needs a reason; it is kept with the plan")
    if version != meta["version"]:
        raise DataError(
            f"plan {meta['plan']} was changed meanwhile by {meta['by']}: this is version "
            f"{version}, the newest is {meta['version']}; read it again"
        )
    if status not in NEXT[meta["status"]]:
        allowed = " or ".join(sorted(NEXT[meta["status"]])) or "nothing else"
        raise DataError(f"a plan that is {meta['status']} can become {allowed}, not {status}")


def _changed(orders: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    unknown = sorted(set(changes.columns) - {"order_id", "seq", "drop", *EDITABLE})
    if unknown:
        raise DataError(f"orders: {', '.join(unknown)} cannot be edited; {', '.join(EDITABLE)} can")
    orders = orders.copy()
    if "note" not in orders:
        orders["note"] = ""
    orders["start"] = pd.to_datetime(orders["start"])
    faults, dropped = [], []
    for change in changes.to_dict("records"):
        here = (orders["order_id"] == change["order_id"]) & (orders["seq"] == change["seq"])
        if not here.any():
            faults.append(f"no order {change['order_id']} with stop {change['seq']}")
            continue
        if change.get("drop") is True:
            dropped.append(here)
            continue
        for name in EDITABLE:
            if name not in change or pd.isna(change[name]):
                continue
            value = change[name]
            whole = orders["order_id"] == change["order_id"]
            if name == "stay_minutes" and not 0 < float(value) <= 16 * 60:
                faults.append(f"{change['order_id']}: stay_minutes is above 0, got {value!r}")
            elif name == "start":  # of the whole shift, not of one stop
                _move(orders, whole, pd.Timestamp(value))
            elif name == "team_id":
                orders.loc[whole, name] = code_of(value, "a team")
            elif name == "stay_minutes":
                orders.loc[here, name] = float(value)
            elif name == "note":
                orders.loc[here, name] = plain_of(value, "a note")
            else:
                orders.loc[here, name] = code_of(value, "an action")
    for here in dropped:
        orders = orders[~here.reindex(orders.index, fill_value=False)]
    orders = _retime(orders)
    faults += _clashes(orders)
    if faults:
        raise DataError("; ".join(faults))
    return orders.reset_index(drop=True)


def _move(orders: pd.DataFrame, whole: pd.Series, start: pd.Timestamp) -> None:
    """Begin a shift at another moment; what says day or night follows."""
    if "day" in orders:
        before = orders.loc[whole, "start"].iloc[0].normalize()
        orders.loc[whole, "day"] += (start.normalize() - before).days
    if "night" in orders:
        orders.loc[whole, "night"] = not NIGHT_ENDS <= start.hour < NIGHT_BEGINS
    orders.loc[whole, "start"] = start


def _follow(orders: pd.DataFrame, frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Minutes planned in sectors and cells, as the edited orders have them."""
    by = orders.groupby("sector")["stay_minutes"]
    minutes, visits = by.sum(), by.size()
    sectors = frames["sectors"].copy()
    before = sectors.set_index("sector")["planned_minutes"]
    sectors["planned_minutes"] = sectors["sector"].map(minutes).fillna(0.0)
    sectors["visits"] = sectors["sector"].map(visits).fillna(0).astype(int)
    told = {"sectors": sectors}
    if "cells" in frames:
        cells = frames["cells"].copy()
        share = minutes.reindex(before.index).fillna(0.0) / before.where(before > 0)
        cells["minutes"] = cells["minutes"] * cells["sector"].map(share).fillna(0.0)
        told["cells"] = cells[cells["minutes"] > 0].reset_index(drop=True)
    return told


def _retime(orders: pd.DataFrame) -> pd.DataFrame:
    """Arrivals anew from starts, ways and stays; a dropped stop leaves its way in the shift."""
    parts = []
    for _, part in orders.groupby("order_id", sort=False):
        part = part.sort_values("seq").copy()
        way = part["travel_minutes"].to_numpy(float).cumsum()
        stay = part["stay_minutes"].to_numpy(float).cumsum()
        start = part["start"].iloc[0]
        part["leave"] = [start + pd.Timedelta(minutes=round(m, 4)) for m in way + stay]
        part["arrive"] = part["leave"] - pd.to_timedelta(part["stay_minutes"].astype(float), "min")
        home = max(float(part["return_minutes"].max()), float(part["travel_minutes"].iloc[0]))
        if part["return_minutes"].iloc[-1] == 0:
            part.loc[part.index[-1], "return_minutes"] = home
        back = part["leave"].iloc[-1] + pd.Timedelta(
            minutes=round(float(part["return_minutes"].iloc[-1]), 4)
        )
        part["back"] = [pd.NaT] * (len(part) - 1) + [back]
        part["seq"] = range(1, len(part) + 1)
        parts.append(part)
    return pd.concat(parts, ignore_index=True) if parts else orders


def _clashes(orders: pd.DataFrame) -> list[str]:
    faults = []
    shifts = orders.groupby("order_id").agg(
        team=("team_id", "first"), start=("start", "min"), back=("back", "max"),
        most=("shift_minutes", "first"),
    )  # fmt: skip
    for name, row in shifts.iterrows():
        minutes = (row["back"] - row["start"]) / pd.Timedelta(minutes=1)
        if minutes > row["most"] + 1e-3:
            faults.append(f"{name} takes {minutes:.0f} minutes, its shift has {row['most']:.0f}")
    for team, part in shifts.sort_values("start").groupby("team"):
        late = part["start"].to_numpy()[1:] < part["back"].to_numpy()[:-1]
        for k in late.nonzero()[0]:
            faults.append(f"team {team} is in two places: {part.index[k]} and {part.index[k + 1]}")
    return faults


def _next(store, meta: dict, frames: dict, status: str, by: str, reason: str) -> int:
    version = meta["version"] + 1
    folder = _root(store) / meta["plan"]
    _log(store, status, meta["plan"], version, by)
    try:
        _write(folder, version, frames, meta, status, by, reason, pd.Timestamp.now("UTC"))
    except OSError:
        raise DataError(
            f"plan {meta['plan']} was changed meanwhile; version {version} exists: read it again"
        ) from None
    return version


def _write(folder, version, frames, meta, status, by, reason, now) -> None:
    told = {
        **meta,
        "version": version,
        "status": status,
        "by": by,
        "at": now.isoformat(timespec="seconds"),
        "reason": reason,
    }
    with assessments.aside(folder) as made:
        for name, frame in frames.items():
            frame.to_parquet(made / f"{name}.parquet", index=False, compression="zstd")
        text = json.dumps(told, ensure_ascii=False, indent=1, default=_plain)
        (made / "meta.json").write_text(text, encoding="utf-8")
        assessments.place(made, folder / f"v{version:04d}")


def _log(store, status: str, plan: str, version: int, by: str) -> None:
    """One line without the reason: the log cannot be erased, a version can."""
    audit.log(store, LOGGED[status], by, {"plan": plan, "version": version, "status": status})


def _root(store) -> Path:
    return Path(store.folder) / FOLDER


def _names(store) -> list[str]:
    root = _root(store)
    if not root.is_dir():
        return []
    names = (path.name for path in root.iterdir() if assessments.is_id(path.name))
    return sorted(name for name in names if _versions(store, name))


def _versions(store, plan: str) -> list[int]:
    found = (_VERSION.fullmatch(path.name) for path in (_root(store) / plan).iterdir())
    return sorted(int(match[1]) for match in found if match)


def _plain(value):
    if hasattr(value, "item"):
        return value.item()
    if hasattr(value, "tolist"):
        return value.tolist()
    return str(value)


def read_form(path: Path) -> pd.DataFrame:
    """What was done, on one page: CSV with sector, minutes and optionally finds.

    Raises
    ------
    DataError
        With every line that cannot be read.
    """
    try:
        told = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataError(f"no file {path.name}") from None
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as problem:
        raise DataError(f"{path.name}: not readable as CSV: {problem}") from None
    if not {"sector", "minutes"} <= set(told.columns):
        raise DataError(f"{path.name}: columns sector, minutes and optionally finds are expected")
    table = pd.DataFrame({"sector": told["sector"].str.strip()})
    faults = []
    for name in ("minutes", "finds"):
        text = told[name] if name in told else pd.Series("0", index=told.index)
        number = pd.to_numeric(text.replace("", "0"), errors="coerce")
        wrong = number.isna() | (number < 0) | ~number.abs().lt(1e6)
        if wrong.any():
            lines = ", ".join(str(k + 2) for k in wrong[wrong].index[:10])
            faults.append(f"{name} is a number from 0 (lines {lines})")
        table[name] = number
    if faults:
        raise DataError(f"{path.name}: " + "; ".join(faults))
    return table

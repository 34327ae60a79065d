"""Plans that people sign: every version kept, every change with who, when and why.

draft -> edited -> approved -> signed; an approved plan may still be edited, with a reason, and
then has to be approved again; a signed one is closed. A week has one plan in force: signing one
withdraws the one that was signed before. A version is a folder, written aside and renamed: readers
never see half of one, and of two who change the same version the second is told. Each change is a
line in the append-only log (`data.store.audit`); its reason stands in the version alone.
"""

import json
import re
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from data.errors import DataError
from data.findings import reason as reason_of
from data.kept import read_meta as read_json
from data.kept import read_tables
from data.personal.said import NOTHING, Said, code_of, own_word, plain_of
from data.store import assessments, audit
from data.store.records import Store
from geo import calendar

FOLDER = "plans"
STATUSES = ("draft", "edited", "approved", "signed", "withdrawn")
#: status -> what it may become
NEXT = {
    "draft": {"edited", "approved"},
    "edited": {"edited", "approved"},
    "approved": {"edited", "signed"},
    "signed": {"withdrawn"},
    "withdrawn": set(),
}
#: states that a plan comes into with other orders than before
CHANGING = ("draft", "edited")
LOGGED = {"draft": "assess", "edited": "override", "approved": "approve", "signed": "publish",
          "withdrawn": "override"}  # fmt: skip
#: meta, tables, changes -> meta and tables after them
Rework = Callable[
    [dict[str, Any], dict[str, pd.DataFrame], pd.DataFrame],
    tuple[dict[str, Any], dict[str, pd.DataFrame]],
]
#: reasons that the program itself gives, no person's sentences; the last one is that of a plan
#: that another one of its week takes the place of
WORDS = MADE, APPROVED, SIGNED, REPLACED = tuple(
    own_word(word) for word in ("made", "approved", "signed", "replaced")
)
#: columns of a new plan's tables that hold what a person typed in a roster
TYPED = {"orders": ("note",), "sectors": ("closed_reason",)}
_VERSION = re.compile(r"v(\d{4})")


def create(store: Store, frames: dict[str, pd.DataFrame], meta: dict[str, Any], by: str) -> str:
    """Keep a new plan as a draft; gives its id.

    Parameters
    ----------
    store : data.store.Store
    frames : tables by name, `orders` among them; what was typed in a roster is Said (TYPED)
    meta : plain values: first_day, seed, assessment, versions
    by : who made it
    """
    now = pd.Timestamp.now("UTC")
    plan = f"{now.strftime('%Y%m%dT%H%M%S.%fZ')}-{uuid.uuid4().hex[:6]}"
    folder = _root(store) / plan
    frames = {name: _plainly(name, table) for name, table in frames.items()}
    folder.mkdir(parents=True)
    _write(folder, 1, frames, {**meta, "plan": plan}, "draft", by, MADE, now)
    _log(store, "draft", plan, 1, by)
    return plan


def _plainly(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """A table to be kept; TypeError where a typed text did not pass the personal-data gate."""
    for column in TYPED.get(name, ()):
        if column in table:
            values = ["" if pd.isna(text) or text == "" else plain_of(text, column)
                    for text in table[column]]  # fmt: skip
            table = table.assign(**{column: pd.Series(values, index=table.index, dtype="str")})
    return table


def listing(store: Store) -> pd.DataFrame:
    """All plans, newest first: plan, version, status, by, at, reason, first_day, assessment,
    synthetic, in_force (the one that counts in its week)."""
    rows, counts = [], {}
    for name in reversed(_names(store)):
        meta = read_meta(store, name)
        day = meta.get("first_day", "")
        if day and day not in counts:
            counts[day] = in_force(store, pd.Timestamp(day))
        rows.append(
            {
                **{key: meta[key] for key in ("plan", "version", "status", "by", "at", "reason")},
                "first_day": day,
                "assessment": meta.get("assessment", ""),
                "synthetic": bool(meta.get("synthetic", False)),
                "in_force": meta["plan"] == counts.get(day),
            }
        )
    columns = ["plan", "version", "status", "by", "at", "reason", "first_day", "assessment",
               "synthetic", "in_force"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def read(
    store: Store, plan: str | None = None, version: int | None = None
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """Meta and tables of a plan: the newest, in its newest version, unless named.

    Parameters
    ----------
    store : where plans are kept
    plan : its id; the newest by default
    version : its number; the newest by default

    Raises
    ------
    MissingTable
        If there is no such plan or version.
    Damaged
        If a file of it cannot be read.
    """
    meta = read_meta(store, plan, version)
    folder = _root(store) / meta["plan"] / f"v{meta['version']:04d}"
    return meta, read_tables(sorted(folder.glob("*.parquet")), meta["plan"])


def read_meta(store: Store, plan: str | None = None, version: int | None = None) -> dict[str, Any]:
    """What a version says about itself.

    Parameters
    ----------
    store : where plans are kept
    plan : its id; the newest by default
    version : its number; the newest by default
    """
    names = _names(store)
    if plan is None and not names:
        raise assessments.MissingTable(
            "no plan yet; make one with: kalbar-risk plan make", key="no_plan"
        )
    plan = names[-1] if plan is None else plan
    if plan not in names:
        raise assessments.MissingTable(
            f"no plan {plan!r}; see the list with: kalbar-risk plan list",
            key="no_such_plan", plan=str(plan),
        )  # fmt: skip
    known = _versions(store, plan)
    version = known[-1] if version is None else version
    if version not in known:
        raise assessments.MissingTable(
            f"plan {plan} has versions 1 to {known[-1]}, got {version}",
            key="no_version", plan=plan, last=known[-1], version=version,
        )  # fmt: skip
    return read_json(_root(store) / plan / f"v{version:04d}" / "meta.json", plan)


def history(store: Store, plan: str) -> pd.DataFrame:
    """Every version of a plan, oldest first: version, status, by, at, reason."""
    read_meta(store, plan)
    keys = ["version", "status", "by", "at", "reason"]
    rows = [read_meta(store, plan, version) for version in _versions(store, plan)]
    return pd.DataFrame([{key: row[key] for key in keys} for row in rows])


def edit(
    store: Store,
    plan: str,
    version: int,
    changes: pd.DataFrame,
    by: str,
    reason: Said,
    rework: Rework,
) -> int:
    """Change orders; gives the new version.

    Parameters
    ----------
    store : where plans are kept
    plan : its id
    version : the version the changes were made on; refused if there is a newer one
    changes : as `rework` takes them; notes are Said
    by : who changes it
    reason : why, kept with the version
    rework : gives meta and tables after the changes, ways, times and values found anew
        (`risk.plan.edit.rework`); its DataError is the refusal

    Raises
    ------
    DataError
        If there is no reason, the plan is closed, somebody else changed it meanwhile, or the
        changes are refused.
    """
    meta, frames = read(store, plan)
    _check(meta, version, "edited", by, reason)
    facts, made = try_changes(meta, frames, changes, rework)
    return _next(store, facts, made, "edited", by, reason)


def try_changes(
    meta: dict[str, Any], frames: dict[str, pd.DataFrame], changes: pd.DataFrame, rework: Rework
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """Meta and tables as they would be after some changes; nothing is kept.

    Parameters
    ----------
    meta : of the version that would change
    frames : its tables by name, `orders` among them
    changes : as `rework` takes them
    rework : gives meta and tables after the changes

    Raises
    ------
    DataError
        If a team, action or sector is no code, or the changes are refused.
    """
    if "weights" not in frames:
        raise DataError(
            f"plan {meta['plan']} was made before values could be found anew: make it once more",
            key="plan_old",
        )
    changes = changes.copy()
    for name, what in (("team_id", "a team"), ("action", "an action"), ("add", "a sector")):
        if name in changes:
            for value in changes[name].dropna():
                code_of(value, what)
    if "note" in changes:
        notes = [None if pd.isna(one) else plain_of(one, "a note") for one in changes["note"]]
        changes["note"] = pd.Series(notes, index=changes.index, dtype=object)
    return rework(meta, frames, changes)


def restore(store: Store, plan: str, version: int, earlier: int, by: str, reason: Said) -> int:
    """Go back to the orders of an earlier version, as a new version that is edited.

    Nothing of what lies between is lost; it has to be approved again.

    Parameters
    ----------
    store : where plans are kept
    plan : its id
    version : the newest version, as it was read; refused if there is a newer one
    earlier : the version whose orders are wanted
    by : who goes back
    reason : why, in words

    Raises
    ------
    DataError
        As `edit` does; also if `earlier` is not before `version`.
    """
    meta = read_meta(store, plan)
    _check(meta, version, "edited", by, reason)
    if not earlier < version:
        raise DataError(
            f"one goes back to a version before {version}, got {earlier}",
            key="not_earlier", version=version, given=earlier,
        )  # fmt: skip
    meta_then, frames = read(store, plan, earlier)
    return _next(store, {**meta_then, "version": version}, frames, "edited", by, reason)


def approve(store: Store, plan: str, version: int, by: str, reason: Said = NOTHING) -> int:
    """Approve a version as it stands; gives the new version.

    Parameters
    ----------
    store : where plans are kept
    plan : its id
    version : the newest version, as it was read; refused if there is a newer one
    by : who approves it
    reason : in words; "approved" where nothing is said
    """
    meta, frames = read(store, plan)
    word = reason if plain_of(reason, "a change") else APPROVED
    _check(meta, version, "approved", by, word)
    return _next(store, meta, frames, "approved", by, word)


def sign(store: Store, plan: str, version: int, by: str, reason: Said = NOTHING) -> int:
    """Sign an approved version: it is closed, and from now on the plan in force of its week.

    A plan of the same week that was signed before is withdrawn, with the reason given here or
    else "replaced"; its meta then names the plan that took its place.

    Parameters
    ----------
    store : where plans are kept
    plan : its id
    version : the newest version, as it was read; refused if there is a newer one
    by : who signs it
    reason : in words; "signed" where nothing is said
    """
    meta, frames = read(store, plan)
    given = bool(plain_of(reason, "a change"))
    word = reason if given else SIGNED
    _check(meta, version, "signed", by, word)
    others = [_signed_at(one)[0] for one in _signed(store, meta.get("first_day", ""))]
    # later than any before, whatever the clock says
    now = max([pd.Timestamp.now("UTC"), *(at + pd.Timedelta(microseconds=1) for at in others)])
    made = _next(store, meta, frames, "signed", by, word, now)
    own = _signed_at(read_meta(store, plan))
    for other in _signed(store, meta.get("first_day", "")):
        # only what was signed before: of two who sign at once the later one stands
        if other["plan"] != plan and _signed_at(other) < own:
            _withdraw(store, other, by, reason if given else REPLACED, replaced_by=plan)
    return made


def withdraw(store: Store, plan: str, version: int, by: str, reason: Said) -> int:
    """Take a signed plan back, with a reason; its week then has no plan in force.

    Parameters
    ----------
    store : where plans are kept
    plan : its id
    version : the newest version, as it was read; refused if there is a newer one
    by : who takes it back
    reason : why, in words
    """
    meta = read_meta(store, plan)
    _check(meta, version, "withdrawn", by, reason)
    return _withdraw(store, meta, by, reason, replaced_by="")


def _withdraw(store: Store, meta: dict[str, Any], by: str, reason: Said, replaced_by: str) -> int:
    frames = read(store, meta["plan"], meta["version"])[1]
    facts = {**meta, "replaced_by": replaced_by}
    return _next(store, facts, frames, "withdrawn", by, reason)


def in_force(store: Store, day: pd.Timestamp) -> str | None:
    """The plan that counts in the week of a local day: the one that was signed last; else None.

    Map, brief, pack, orders, comparison and command line ask here. A draft is in force nowhere.
    """
    signed = _signed(store, f"{calendar.monday(pd.Timestamp(day)):%Y-%m-%d}")
    return max(signed, key=_signed_at)["plan"] if signed else None


def replaced(store: Store, plan: str) -> list[dict[str, Any]]:
    """Meta of the plans that were withdrawn because this one took their place.

    Parameters
    ----------
    store : where plans are kept
    plan : id of the one that took it
    """
    every = (read_meta(store, name) for name in _names(store))
    return [m for m in every if m["status"] == "withdrawn" and m.get("replaced_by") == plan]


def _signed(store: Store, first_day: str) -> list[dict[str, Any]]:
    """Meta of the signed plans of a week."""
    every = (read_meta(store, name) for name in _names(store))
    return [m for m in every if m["status"] == "signed" and m.get("first_day") == first_day]


def _signed_at(meta: dict[str, Any]) -> tuple[pd.Timestamp, str]:
    """When a signed plan was signed; signed is the last thing that happens to a plan in force."""
    return pd.Timestamp(meta["at"]), meta["plan"]


def _check(meta: dict[str, Any], version: int, status: str, by: str, reason: Said) -> None:
    if not by.strip():
        what = "a plan is changed, approved and signed by somebody: give a name"
        raise DataError(what, key="no_name")
    if not plain_of(reason, "a change"):
        what = "a change needs a reason; it is kept with the plan"
        raise DataError(what, key="reason_needed", where="a change")
    if version != meta["version"]:
        raise DataError(
            f"plan {meta['plan']} was changed meanwhile by {meta['by']}: this is version "
            f"{version}, the newest is {meta['version']}; read it again",
            key="changed_by", by=meta["by"], version=version, newest=meta["version"],
        )  # fmt: skip
    if status not in NEXT[meta["status"]]:
        allowed = " or ".join(sorted(NEXT[meta["status"]])) or "nothing else"
        raise DataError(
            f"a plan that is {meta['status']} can become {allowed}, not {status}",
            key="no_such_step", status=meta["status"], allowed=allowed, given=status,
        )  # fmt: skip


def _next(
    store: Store, meta: dict[str, Any], frames: Mapping[str, pd.DataFrame], status: str,
    by: str, reason: Said,
    now: pd.Timestamp | None = None,
) -> int:  # fmt: skip
    version = meta["version"] + 1
    folder = _root(store) / meta["plan"]
    _log(store, status, meta["plan"], version, by)
    try:
        now = now or pd.Timestamp.now("UTC")
        _write(folder, version, frames, meta, status, by, reason, now)
    except OSError:
        raise DataError(
            f"plan {meta['plan']} was changed meanwhile; version {version} exists: read it again",
            key="changed_meanwhile", version=version,
        ) from None  # fmt: skip
    return version


def _write(
    folder: Path, version: int, frames: Mapping[str, pd.DataFrame], meta: dict[str, Any],
    status: str, by: str, reason: Said, now: pd.Timestamp,
) -> None:  # fmt: skip
    content = {
        **meta,
        # of a plan whose orders were never told apart by version, each version has its own
        "orders_version": version if status in CHANGING else meta.get("orders_version", version),
        "version": version,
        "status": status,
        "by": by,
        "at": now.isoformat(timespec="microseconds"),
        "reason": plain_of(reason, "a change"),
    }
    with assessments.aside(folder) as made:
        for name, frame in frames.items():
            frame.to_parquet(made / f"{name}.parquet", index=False, compression="zstd")
        text = json.dumps(content, ensure_ascii=False, indent=1, default=_plain)
        (made / "meta.json").write_text(text, encoding="utf-8")
        assessments.place(made, folder / f"v{version:04d}")


def _log(store: Store, status: str, plan: str, version: int, by: str) -> None:
    """One line without the reason: the log cannot be erased, a version can."""
    audit.log(store, LOGGED[status], by, {"plan": plan, "version": version, "status": status})


def _root(store: Store) -> Path:
    return Path(store.folder) / FOLDER


def _names(store: Store) -> list[str]:
    root = _root(store)
    if not root.is_dir():
        return []
    names = (path.name for path in root.iterdir() if assessments.is_id(path.name))
    return sorted(name for name in names if _versions(store, name))


def _versions(store: Store, plan: str) -> list[int]:
    found = (_VERSION.fullmatch(path.name) for path in (_root(store) / plan).iterdir())
    return sorted(int(match[1]) for match in found if match)


def _plain(value: Any) -> Any:
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
        form = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataError(
            f"{path.name}: there is no such file", key="no_file", where=path.name
        ) from None
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as problem:
        what = f"{path.name}: not readable as CSV; save it again as CSV in UTF-8: {problem}"
        raise DataError(what, key="csv_broken", where=path.name) from None
    if not {"sector", "minutes"} <= set(form.columns):
        what = "columns sector, minutes and optionally finds are expected"
        raise DataError(f"{path.name}: {what}", key="form_columns", where=path.name)
    table = pd.DataFrame({"sector": form["sector"].str.strip()})
    faults = []
    for name in ("minutes", "finds"):
        text = form[name] if name in form else pd.Series("0", index=form.index)
        number = pd.to_numeric(text.replace("", "0"), errors="coerce")
        wrong = number.isna() | (number < 0) | ~number.abs().lt(1e6)
        if wrong.any():
            lines = ", ".join(str(k + 2) for k in wrong[wrong].index[:10])
            what = f"{name} is a number from 0 (lines {lines})"
            faults.append(reason_of("form_number", what, column=name, lines=lines))
        table[name] = number
    if faults:
        raise DataError.of(faults, path.name)
    return table

"""One sentence of a person taken out for good, where it turned out to tell of a person.

The gate looks at every sentence before it is kept, and a net has holes. What was said is replaced
by `ERASED`; who said it, when, and what came of it stays, so that nothing else is lost.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

from data.errors import DataError
from data.personal.said import own_word
from data.store import plans
from data.store import tables as t
from data.store.records import Store

#: what stands in the place of an erased sentence, on screens and papers of either language
ERASED = own_word("(dihapus / erased)")
#: what a sentence was said of -> how the thing is named
KINDS = {
    "undo": "the number of the import",
    "override": "the number of the override",
    "withdrawal": "the number of the override that was withdrawn",
    "decision": "the two event ids of the pair",
    "plan": "the plan and the version",
    "note": "the plan and the order",
}


def erase_sentence(store: Store, kind: str, names: list[str]) -> int:
    """Blank one reason or note; gives how many places held it.

    Parameters
    ----------
    store : data.store.Store
    kind : one of KINDS
    names : of the thing, as KINDS says: one or two

    Raises
    ------
    DataError
        If there is no such thing, or nothing was said of it.
    """
    if kind not in KINDS:
        raise DataError(
            f"a sentence is of one of {', '.join(KINDS)}, got {kind!r}",
            key="sentence_kind", known=list(KINDS), given=kind,
        )  # fmt: skip
    if len(names) != (2 if kind in ("decision", "plan", "note") else 1):
        raise DataError(
            f"the sentence of {kind} is named by {KINDS[kind]}",
            key="sentence_name", of=kind, by=KINDS[kind],
        )  # fmt: skip
    planned = kind in ("plan", "note")
    n = _of_plans(store, kind, *names) if planned else _of_rows(store, kind, names)
    if not n:
        raise DataError(
            f"no sentence is kept for {kind} {' '.join(names)}",
            key="no_sentence", of=kind, names=" ".join(names),
        )  # fmt: skip
    return n


def _of_rows(store: Store, kind: str, names: list[str]) -> int:
    """Blank a reason that is kept in a table; an undo's goes also where it was erased since."""
    i, o, d = t.imports.c, t.overrides.c, t.decisions.c
    if kind == "decision":
        a, b = sorted(names)
        table, column, where = t.decisions, d.reason, [d.event_id_a == a, d.event_id_b == b]
    else:
        if not names[0].isdecimal():
            raise DataError(
                f"the sentence of {kind} is named by {KINDS[kind]}, got {names[0]!r}",
                key="sentence_name", of=kind, by=KINDS[kind],
            )  # fmt: skip
        table, column, key = {
            "undo": (t.imports, i.undo_reason, i.import_id),
            "override": (t.overrides, o.reason, o.override_id),
            "withdrawal": (t.overrides, o.withdrawn_reason, o.override_id),
        }[kind]
        where = [key == int(names[0])]
    text = sa.func.coalesce(sa.type_coerce(column, sa.Text), "")
    said = text.notin_(["", str(ERASED)])
    with store.db.write() as connection:
        change = sa.update(table).where(*where, said).values({column.name: ERASED})
        n = connection.execute(change).rowcount
    store.db.forget_log()
    return n


def _of_plans(store: Store, kind: str, plan: str, name: str) -> int:
    """Blank the reason of one version, or the notes of one order in every version.

    Signing hands its reason on to the plan that it withdraws, and going back copies notes: the
    same sentence goes wherever a plan holds it.
    """
    plans.read_meta(store, plan)  # is there such a plan?
    if kind == "plan":
        if not name.isdecimal():
            what = f"a version is a number, got {name!r}"
            raise DataError(what, key="version_number", given=str(name))
        said = plans.read_meta(store, plan, int(name))["reason"]
        if said in (ERASED, *plans.WORDS):
            return 0
        return sum(_blank_reason(path, said) for path in _versions(store))
    own = _versions(store, plan)
    return sum(_blank_notes(path.with_name("orders.parquet"), name) for path in own)


def _versions(store: Store, plan: str = "*") -> list[Path]:
    """`meta.json` of every version of a plan, or of all plans."""
    return sorted((Path(store.folder) / plans.FOLDER).glob(f"{plan}/v*/meta.json"))


def _blank_reason(path: Path, said: str) -> int:
    meta = json.loads(path.read_text(encoding="utf-8"))
    if meta["reason"] != said:
        return 0
    text = json.dumps({**meta, "reason": ERASED}, ensure_ascii=False, indent=1)
    _put(path, lambda aside: aside.write_text(text, encoding="utf-8"))
    return 1


def _blank_notes(path: Path, order: str) -> int:
    orders = pd.read_parquet(path)
    if "note" not in orders:
        return 0
    here = (orders["order_id"] == order) & ~orders["note"].fillna("").isin(["", ERASED])
    if not here.any():
        return 0
    blanked = orders.assign(note=orders["note"].where(~here, ERASED))
    _put(path, lambda aside: blanked.to_parquet(aside, index=False, compression="zstd"))
    return int(here.sum())


def _put(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file aside and put it in the place of another: readers see the one or the other."""
    aside = path.with_name(f".{path.name}.aside")
    try:
        write(aside)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)

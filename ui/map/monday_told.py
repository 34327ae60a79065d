"""The facts of a Monday in words: three sentences, and a line that sums them up."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from ui.map import telling
from ui.map.monday import Fact, Monday
from ui.words import and_more, clock, date, expected, number, span, t
from ui.words.names import full

#: deliveries that are named
NAMED = 3
PARTS = ("moved", "causes", "missing")


def lines(monday: Monday, lang: str) -> list[tuple[str, str]]:
    """What is asked and the answer in one sentence, three times."""
    return [(t(f"monday.{part}", lang), _sentence(getattr(monday, part), lang)) for part in PARTS]


def headline(monday: Monday, lang: str) -> str:
    """The line over the three: how many sectors are new, up and down, and who is late."""
    counts = {fact.key: fact.values.get("n", 0) for fact in monday.moved}
    sentences = [
        t(f"monday.{key}_short", lang, n=number(counts[key], lang))
        for key in ("new", "growing", "fading") if key in counts
    ]  # fmt: skip
    late = sum(len(fact.values.get("agencies", ())) for fact in monday.missing)
    sentences = sentences or [t("monday.steady_short", lang)]
    if late:
        sentences.append(t("monday.late_short", lang, n=number(late, lang)))
    return t("monday.title", lang, told=" · ".join(sentences))


def _sentence(facts: Sequence[Fact], lang: str) -> str:
    hidden = [fact.key.removesuffix("_hidden") for fact in facts if fact.key.endswith("_hidden")]
    parts = [_part(fact, lang) for fact in facts if not fact.key.endswith("_hidden")]
    if hidden:
        what = ", ".join(t(f"monday.hidden_{one}", lang) for one in hidden)
        parts.append(t("monday.hidden", lang, what=what))
    sentence = "; ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _days(first: pd.Timestamp, last: pd.Timestamp, lang: str) -> str:
    return _short(span(first, last, lang))


def _day(moment: clock.Moment, lang: str) -> str:
    return _short(date(moment, lang))


def _short(days: str) -> str:
    """Days without the year that is running."""
    return days.removesuffix(f" {clock.today().year}")


def _part(fact: Fact, lang: str) -> str:
    return _TOLD.get(fact.key, _plain)(fact, lang)


def _plain(fact: Fact, lang: str) -> str:
    return t(f"monday.{fact.key}", lang)


def _total(fact: Fact, lang: str) -> str:
    return t("monday.total", lang, **{k: expected(v, lang) for k, v in fact.values.items()})


def _sectors(fact: Fact, lang: str) -> str:
    names = [row.get("name") or full(row, lang) for row in fact.values["sectors"]]
    rest = fact.values["n"] - len(names)
    listed = and_more([*names, *[""] * rest], len(names), lang)
    return t(f"monday.{fact.key}", lang, names=listed)


def _since(fact: Fact, lang: str) -> str:
    then = expected(fact.values["then"], lang)
    return t("monday.since", lang, when=_day(fact.values["when"], lang), then=then)


def _other(fact: Fact, lang: str) -> str:
    values = {name: fact.values[name] for name in ("now", "then")}
    return t(f"monday.{fact.key}", lang, when=_day(fact.values["when"], lang), **values)


def _sum(fact: Fact, lang: str) -> str:
    values = fact.values
    n = values["n"] / (60 if fact.key.startswith("hours") else 1)
    days = _days(values["first"], values["last"], lang)
    return t(f"monday.{fact.key}", lang, n=number(n, lang), days=days)


def _revised(fact: Fact, lang: str) -> str:
    key = f"monday.{fact.key}" + ("_same" if fact.values["same_week"] else "")
    values = {name: expected(fact.values[name], lang) for name in ("then", "now")}
    return t(key, lang, **values)


def _because(fact: Fact, lang: str) -> str:
    values = fact.values
    reason = telling.reason_words(values["reason"], None, lang)
    then, now = values["then"], values["now"]
    # records that fell do not tell why a sector rose: a wider kernel saw others
    more = now - then if values["up"] else then - now
    if values["reason"] in telling.RECORDS and more >= 1:
        if values["reason"] not in telling.SUMMED:
            reason = t("reason_of.highest", lang, reason=reason)
        means = {"then": number(then, lang), "now": number(now, lang)}
        reason = t("monday.from_to", lang, reason=reason, **means)
    sector = values["sector"].get("sector_code") or full(values["sector"], lang)
    return t(f"monday.because_{'up' if values['up'] else 'down'}", lang,
             sector=sector, reason=reason)  # fmt: skip


def _deliveries(fact: Fact, lang: str) -> str:
    sentences = []
    for row in fact.values["rows"]:
        kind = "_effort" if row["kind"] == "effort" else "_old" if row["old"] else ""
        counts = {name: number(row[name], lang) for name in ("n", "old")}
        sentences.append(t(f"monday.delivery{kind}", lang, agency=row["agency"], **counts))
    return t("monday.deliveries", lang, rows=and_more(sentences, NAMED, lang))


def _agencies(fact: Fact, lang: str) -> str:
    agencies_named = [
        t("monday.agency", lang, agency=one["agency"], days=number(one["days"], lang))
        for one in fact.values["agencies"]
    ]
    return t(f"monday.{fact.key}", lang, agencies=and_more(agencies_named, NAMED, lang))


def _gap(fact: Fact, lang: str) -> str:
    return t("monday.gap", lang, days=_days(fact.values["first"], fact.values["last"], lang))


def _unassessed(fact: Fact, lang: str) -> str:
    return t("monday.unassessed", lang, n=number(fact.values["n"], lang))


_TOLD: Mapping[str, Callable[[Fact, str], str]] = {
    "total": _total,
    **dict.fromkeys(("new", "growing", "fading", "gone"), _sectors),
    "since": _since,
    **dict.fromkeys(("other_engine", "other_way"), _other),
    **{f"{kind}_{what}": _sum for kind in ("records", "hours") for what in ("new", "late", "lost")},
    **dict.fromkeys(("revised", "refitted", "unclear"), _revised),
    "because": _because,
    "deliveries": _deliveries,
    **dict.fromkeys(("silent", "overdue"), _agencies),
    "gap": _gap,
    "unassessed": _unassessed,
}

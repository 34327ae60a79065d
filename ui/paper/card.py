"""The model card of one assessment, in words: on the page, and whole as markdown; no Streamlit.

After the headings of Mitchell et al. 2019. Everything comes from the assessment and from what the
viewer may see of it.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import pandas as pd

from ui.map import proof
from ui.map.telling import model_name
from ui.words import length, moment, number, percent, short_date, t, with_sign

COUNTS = (
    "events", "told_twice", "not_for_the_model", "outside_the_area", "outside_the_weeks",
    "in_the_model",
)  # fmt: skip
VERSIONS = ("id", "data_version", "model_version", "settings_version", "handling", "licence")


def markdown(
    meta: Mapping[str, Any],
    scores: pd.DataFrame,
    label: Callable[[str], str],
    contested: int,
    lang: str,
) -> str:
    """The whole card.

    Parameters
    ----------
    meta : of the assessment
    scores : one row per model, horizon and test
    label : what an agency is called
    contested : scores that analysts contest at the moment
    lang : of the words, "id" or "en"
    """
    head = t("app.synthetic", lang) + " – " if meta.get("synthetic") else ""
    when = t("app.cutoff", lang, date=short_date(meta["cutoff"], lang))
    made = t("app.created", lang, when=moment(meta["created_at"], lang))
    parts = [
        f"# {head}{t('card.title', lang)}: {meta.get('area', '')}",
        f"{when}, {made}.",
        _section("card.purpose", t("card.purpose_text", lang), lang),
        _section("card.not", t("card.not_text", lang), lang),
        _section("card.data", _data(meta, lang), lang),
        _section("card.method", t("card.method_text", lang), lang),
        _section("card.patrols", detection(meta, label, lang), lang),
        _section("card.tests", _tests(meta, scores, lang), lang),
        _section("card.intervals", t("card.intervals_text", lang,
                 share=percent(meta.get("interval"), lang)), lang),
        _section("card.limits", t("help.limits_text", lang), lang),
        _section("card.object", t("card.object_text", lang) + " "
                 + t("card.contested", lang, n=number(contested, lang)), lang),
        _section("data.versions", _lines(
            (t(f"data.field.{name}", lang), meta.get(name)) for name in VERSIONS), lang),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def used_model(meta: Mapping[str, Any], horizon: int) -> str:
    """The model whose risk the map of a horizon shows: the pool, or what it fell back to."""
    facts = proof.verdict(meta, horizon)
    return facts["best_baseline"] if facts.get("fallback") else "pool"


def counts(meta: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """How many records became how many events; none where the viewer may not know."""
    left_out = meta.get("left_out") or {}
    return [
        (t(f"card.{name}", lang), number(left_out[name], lang))
        for name in COUNTS
        if name in left_out
    ]


def detection(meta: Mapping[str, Any], label: Callable[[str], str], lang: str) -> str:
    """How well an hour of each mode finds; where agencies are told apart, each in brackets.

    Parameters
    ----------
    meta : of the assessment
    label : what an agency is called
    lang : of the words, "id" or "en"
    """
    facts = (meta.get("method") or {}).get("detection") or {}
    if not facts.get("corrected"):
        return t("card.uncorrected", lang)
    lines = [t("card.corrected", lang)]
    for mode, strength in facts["strength_per_hour"].items():
        found = percent(1 - 2.718281828 ** -float(strength), lang)
        key = f"mode.{mode}" if mode in ("patrol", "ambush", "post_shift") else "mode.other"
        parts = [
            f"{label(way.split(':')[0])} "
            + with_sign(percent(1 - 2.718281828 ** -float(one), lang), lang)
            for way, one in (facts.get("strength_by_agency") or {}).items()
            if way.endswith(f":{mode}")
        ]
        apart = f" ({', '.join(parts)})" if parts else ""
        lines.append(f"- {t(key, lang)}: {t('card.hour', lang, share=found)}{apart}")
    error = percent(facts.get("level_error", 0.0), lang)
    return "\n".join([*lines, "", t("card.error", lang, share=error)])


def side_by_side(both: pd.DataFrame, used: str, lang: str) -> pd.DataFrame:
    """Corrected and as recorded, each with its interval, the best model first.

    Parameters
    ----------
    both : from `proof.both_ways`
    used : model that the map uses
    lang : of the words, "id" or "en"
    """

    def told(
        row: Mapping[Hashable, Any], name: str, scale: float, decimals: int, unit: str = ""
    ) -> str:
        if name not in row or pd.isna(row[name]):
            return "–"
        middle = number(row[name] * scale, lang, decimals)
        ends = [row.get(f"{name}_{end}") for end in ("lo", "hi")]
        known = [end for end in ends if end is not None and pd.notna(end)]
        if len(known) < len(ends):
            return middle + unit
        lo, hi = (number(end * scale, lang, decimals) for end in known)
        return f"{middle}{unit} ({lo}–{hi})"

    mark = t("quality.used", lang)
    names = [model_name(model, lang) for model in both["model"]]
    rows = {
        t("quality.model", lang): [
            f"{name} · {mark}" if model == used else name
            for model, name in zip(both["model"], names, strict=True)
        ]
    }
    for key, column, scale, decimals, unit in (
        ("hit_corrected", "hit05_corrected", 100, 0, " %"), ("hit_raw", "hit05", 100, 0, " %"),
        ("ig_corrected", "ig_corrected", 1, 2, ""), ("ig_raw", "ig", 1, 2, ""),
        ("expected_share", "calibration", 1, 2, ""),
    ):  # fmt: skip
        if column == "calibration" and column in both:  # a flat map has no total of its own
            both = both.assign(calibration=both["calibration"].mask(both["model"] == proof.FLAT))
        if column == "calibration" and column not in both:
            continue  # a ratio of totals that the viewer may not know
        rows[t(f"quality.{key}", lang)] = [
            told(row, column, scale, decimals, unit) for row in both.to_dict("records")
        ]
    return pd.DataFrame(rows)


def _data(meta: Mapping[str, Any], lang: str) -> str:
    first, last = meta.get("first_week"), meta.get("cutoff")
    rows = counts(meta, lang)
    text = _lines(rows) if rows else t("card.counts_hidden", lang)
    if not first or not last:
        return text
    span = t("card.span", lang, first=short_date(first, lang), last=short_date(last, lang))
    return f"{text}\n\n{span}"


def _tests(meta: Mapping[str, Any], scores: pd.DataFrame, lang: str) -> str:
    """Scores of every horizon: ours, the flat map, and each simple rival; and what stays."""
    if scores.empty:
        return t("quality.none", lang)
    parts = []
    for horizon in sorted(scores["horizon_weeks"].unique()):
        mine = scores[scores["horizon_weeks"] == horizon]
        both = proof.both_ways(mine, meta.get("summary") or [], int(horizon))
        both = both[~both["model"].isin(proof.OWN_PARTS)]
        used = used_model(meta, int(horizon))
        parts.append(f"**{length(int(horizon), lang)}**")
        parts.append(_table(side_by_side(both, used, lang)))
        if used != "pool":
            parts.append(t("app.fallback", lang, model=model_name(used, lang)))
        tested, other = (proof.kept(mine, name, 5) for name in ("pool", "decayed_kde"))
        if tested and other:
            parts.append(
                t("quality.kept", lang, n=5, weeks=number(tested[1], lang),
                  mine=percent(tested[0], lang), theirs=percent(other[0], lang))
            )  # fmt: skip
    return "\n\n".join([*parts, t("quality.corrected_note", lang), t("quality.caveat", lang)])


def _section(key: str, text: str, lang: str) -> str:
    return f"## {t(key, lang).rstrip('.')}\n\n{text}"


def _lines(rows: Iterable[tuple[str, str | None]]) -> str:
    return "\n".join(f"- {what}: {figure}" for what, figure in rows if figure)


def _table(table: pd.DataFrame) -> str:
    lines = [list(table.columns), ["---"] * table.shape[1], *table.astype(str).to_numpy().tolist()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

"""What was found in a file, or why something was refused, in words: by its key and values.

Reasons, notes and faults come as `key: sentence | {"name": value}` (see the data room); a refusal
carries `key` and `values`. Neither sentence is read: one that has no key that is known here, kept
by an earlier release, is told as it stands, in English.
"""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from ui.words import has, number, t

_KEY = re.compile(r"([a-z]+(?:_[a-z]+)*): ")
_PARTED = re.compile(r"; (?=[a-z]+(?:_[a-z]+)+: )")


def tell_found(key: str, values: Mapping[str, Any], lang: str) -> str:
    """What was found, by its key and values; "" where the key is not known with these values.

    Parameters
    ----------
    key : names the sentence `told.<key>`, or `told.<key>.<as>` with the value `as`
    values : text, numbers, and lists of them; of `either` one is to be chosen, `faults` are
        reasons themselves, and `rows` counts the rows of which it is true
    lang : of the sentence
    """
    if values.get("still"):  # a mended row that came back as it went
        return t("told.not_mended", lang)
    key = f"{key}.{values['as']}" if "as" in values else key
    if not has(f"told.{key}"):
        return ""
    try:
        sentence = t(
            f"told.{key}", lang, **{name: _worded(name, values[name], lang) for name in values}
        )
    except KeyError:  # kept by an earlier release, without its values
        return ""
    if "rows" not in values:
        return sentence
    n = values["rows"]
    return t("told.row" if n == 1 else "told.rows", lang, told=sentence, n=number(n, lang))


def _worded(name: str, value: Any, lang: str) -> str:
    """One value as it stands in a sentence."""
    if name == "faults" and isinstance(value, list | tuple):
        return "; ".join(tell(fault, lang) for fault in value)
    if isinstance(value, list | tuple):
        joint = f" {t('told.or', lang)} " if name == "either" else ", "
        return joint.join(_worded(name, one, lang) for one in value)
    if isinstance(value, int | float):
        return number(value, lang, 0 if value == int(value) else 1)
    if name == "field" and has(f"named.{value}"):
        return t(f"named.{value}", lang)
    if name == "form" and has(f"form.{value}"):
        return t(f"form.{value}", lang)
    if name in ("action", "mode") and has(f"{name}.{value}"):
        return t(f"{name}.{value}", lang)
    if name in ("kind", "kinds") and has(f"personal.{value}"):
        return t(f"personal.{value}", lang)
    return str(value)


def tell(text: str, lang: str) -> str:
    """A reason, note or fault, with where it was found if it says so."""
    key, sentence, values = parts_of(text)
    words = tell_found(key, values, lang) or sentence
    return f"{values['where']}: {words}" if values.get("where") else words


def tell_reasons(reasons: str, lang: str) -> str:
    """All reasons of a row, without their keys."""
    return "; ".join(tell(part, lang) for part in split_reasons(reasons))


def tell_keyed(reasons: str, lang: str) -> str:
    """All reasons of a row, each after what it is about."""
    parts = split_reasons(reasons)
    return "; ".join(f"{key_of(part)}: {tell(part, lang)}" for part in parts)


def tell_problem(problem: Exception, lang: str, named: bool = False) -> str:
    """A refusal in words; one without a known key as its finder wrote it.

    Parameters
    ----------
    problem : has `key` and `values`
    lang : of the sentence
    named : say in front where it was found; a page says so beside it
    """
    key, values = getattr(problem, "key", ""), getattr(problem, "values", {})
    sentence = tell_found(key, values, lang)
    if not sentence:
        return str(problem)
    return f"{values['where']}: {sentence}" if named and values.get("where") else sentence


def split_reasons(reasons: str) -> list[str]:
    """The reasons of one row, one by one."""
    return _PARTED.split(reasons)


def key_of(reasons: str) -> str:
    """What the first reason of a row is about."""
    return parts_of(reasons)[0]


def parts_of(text: str) -> tuple[str, str, dict[str, Any]]:
    """Key, sentence and values of `key: sentence | {"name": value}`; "" and {} if not given."""
    found = _KEY.match(text)
    key, body = (found[1], text[found.end() :]) if found else ("", text)
    sentence, mark, last = body.rpartition(" | ")
    try:
        values = json.loads(last) if mark and last.startswith("{") else None
    except (ValueError, RecursionError):  # the sentence itself holds the mark
        values = None
    return (key, sentence, values) if isinstance(values, dict) else (key, body, {})


def short_reason(key: str, lang: str) -> str:
    """A reason in two or three words; an unknown key keeps its name."""
    return t(f"reason_short.{key}", lang) if has(f"reason_short.{key}") else key


def personal_places(problem: Exception, lang: str) -> list[str]:
    """What a refusal for personal data found where, one sentence each."""
    faults = getattr(problem, "values", {}).get("faults")
    if faults is None:
        return [tell_problem(problem, lang)]
    return [tell(fault, lang) for fault in faults]


def row_text(original: str, length: int = 240) -> str:
    """What a set-aside row said, `column: cell` by column; a line that is no row as it is."""
    try:
        cells = json.loads(original)
    except (ValueError, RecursionError):  # a line of brackets alone nests without end
        cells = None
    if isinstance(cells, dict):
        original = " · ".join(f"{name}: {cell}" for name, cell in cells.items() if cell)
    text = " ".join(original.split())
    return text if len(text) <= length else text[: length - 1] + "…"


def field_name(column: str, lang: str) -> str:
    """The label of a column; one without a label keeps its name."""
    return t(f"field.{column}", lang) if has(f"field.{column}") else column


def code_word(code: str, lang: str) -> str:
    """A code of the vocabulary in words."""
    return t(f"code.{code}", lang) if has(f"code.{code}") else code


_COMPARED = re.compile(r"(\w+) ([+-]\d+(?:\.\d+)?)(?: \(([\d.]+) km\))?")


def weights(why: str) -> dict[str, float]:
    """What each comparison of a pair weighs, from `name +1.2 (0.8 km), name -0.4`."""
    return {name: float(weight) for name, weight, _ in _COMPARED.findall(why)}


def compared(why: str, lang: str, same: Collection[str] = ()) -> tuple[list[str], list[str]]:
    """What speaks for and against a pair, from `name +1.2 (0.8 km), name -0.4`, strongest first.

    Parameters
    ----------
    why : what the weighing said
    lang : of the words, "id" or "en"
    same : comparisons of what reads alike in both records; that is never held against a pair
    """
    words = [
        (float(weight), _about(name, km, lang))
        for name, weight, km in _COMPARED.findall(why)
        if float(weight) > 0 or name not in same
    ]
    words.sort(key=lambda item: -abs(item[0]))
    return [text for weight, text in words if weight > 0], [text for w, text in words if w < 0]


def _about(name: str, km: str, lang: str) -> str:
    word = t(f"compare.{name}", lang) if has(f"compare.{name}") else name
    km = km if lang == "en" else km.replace(".", ",")
    return f"{word} ({t('twins.km', lang, km=km)})" if km else word

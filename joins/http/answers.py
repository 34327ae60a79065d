"""A refusal by address: problem details (RFC 9457), said in the language of whoever asks.

    {"type": "about:blank", "title": "Bad Request", "status": 400, "key": "query_number",
     "values": {"name": "horizon", "given": "x"}, "detail": "horizon adalah angka, bukan “x”"}

A program reads `key` and `values`, a person `detail`; Accept-Language chooses its language,
Indonesian where that names neither of ours.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from starlette.responses import JSONResponse, Response

from data.errors import DataError
from data.findings import parts_of
from ui.words import t
from ui.words.of_data import tell_problem

#: subtags of languages, the old one of Indonesian too -> ours
OURS = {"id": "id", "in": "id", "en": "en"}
USUAL = "id"
KIND = "application/problem+json"


class Refusal(NamedTuple):
    """Why not: the HTTP status, the key of the sentence `door.<key>`, and what fills it."""

    status: int
    key: str
    values: Mapping[str, Any] = {}

    def said(self, lang: str) -> str:
        """Its sentence in a language, "id" or "en"."""
        return t(f"door.{self.key}", lang, **self.values)


def language(accepted: str) -> str:
    """The language of ours that a header Accept-Language likes best: "id" or "en"."""
    best, chosen = 0.0, USUAL
    for part in accepted.split(","):
        tag, _, weight = part.partition(";")
        lang = OURS.get(tag.strip().partition("-")[0].lower())
        liking = _weight(weight)
        if lang is not None and liking > best:
            best, chosen = liking, lang
    return chosen


def refuse(
    refusal: Refusal, headers: Mapping[str, str], more: Mapping[str, str] | None = None
) -> Response:
    """The answer that says why not.

    Parameters
    ----------
    refusal : what it is
    headers : of the request, names in lower case
    more : headers of the answer
    """
    lang = language(headers.get("accept-language", ""))
    detail = refusal.said(lang)
    return _details(refusal.status, refusal.key, dict(refusal.values), detail, lang, more)


def refuse_problem(
    problem: DataError,
    status: int,
    headers: Mapping[str, str],
    more: Mapping[str, str] | None = None,
) -> Response:
    """The answer that hands on what the desks refused.

    Parameters
    ----------
    problem : with its key and values
    status : of HTTP
    headers : of the request, names in lower case
    more : headers of the answer
    """
    lang = language(headers.get("accept-language", ""))
    values: dict[str, Any] = dict(problem.values)
    if isinstance(values.get("faults"), list):
        faults = [parts_of(one) for one in values["faults"]]
        values["faults"] = [{"key": key, "values": fault_values} for key, _, fault_values in faults]
    detail = tell_problem(problem, lang, named=True)
    return _details(status, problem.key, values, detail, lang, more)


def _details(
    status: int,
    key: str,
    values: Mapping[str, Any],
    detail: str,
    lang: str,
    more: Mapping[str, str] | None,
) -> Response:
    details = {
        "type": "about:blank", "title": HTTPStatus(status).phrase, "status": status,
        "detail": detail, "key": key, "values": values,
    }  # fmt: skip
    headers = {**(more or {}), "Content-Language": lang, "Vary": "Accept-Language"}
    return JSONResponse(details, status, headers, KIND)


def _weight(parameters: str) -> float:
    """The q of a language, 0 to 1; 1 if it is not told, 0 if it cannot be read."""
    name, _, value = parameters.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0

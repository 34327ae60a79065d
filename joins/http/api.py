"""The same tables by address, for QGIS and scripts: plain GeoJSON and OGC API - Features.

    /api/items/hotspots.geojson?horizon=4&coverage=0.03&kabupaten=61.03
    /api/features            landing page of the OGC API (QGIS: "WFS / OGC API - Features")

Denied unless the caller holds a token of a user in the file of users (`Authorization: Bearer
TOKEN`, or basic with the token as password). Without a file of users only programs on this very
machine are answered. Tokens are never taken from the address: addresses end up in logs.
"""

import base64
import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from data.errors import DataError
from data.gate import access, revoked, users
from data.gate.rights import Rights
from data.store import audit
from data.store.records import MissingTable
from joins import faults, opened
from joins.desks import export, view
from joins.http.answers import Refusal, refuse, refuse_problem
from joins.http.door import NEAR, log_denied
from settings import Settings, load_settings
from ui.map import meridian
from ui.selection import Selection

WHATS = ("hotspots", "sectors", "cells")
CONFORMS = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
]
#: what a number in an address becomes
N = TypeVar("N", int, float)
#: west, south, east, north, degrees
Box = tuple[float, float, float, float]
MOST_ITEMS, USUAL_ITEMS = 10_000, 1_000
HEADERS = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


def routes(base: str) -> list[Route]:
    """The routes under a base path ("" or "/name")."""
    features = f"{base}/api/features"
    return [
        Route(f"{base}/api/items/{{what}}.geojson", _asked(items)),
        Route(features, _asked(landing)),
        Route(f"{features}/", _asked(landing)),
        Route(f"{features}/conformance", _asked(conformance)),
        Route(f"{features}/collections", _asked(collections)),
        Route(f"{features}/collections/{{what}}", _asked(collection)),
        Route(f"{features}/collections/{{what}}/items", _asked(page)),
    ]


def caller(request: Request, settings: Settings) -> access.Scope:
    """The scope of whoever asks; NOBODY if that cannot be told. `request.state.token` gets the
    name of the token that he shows, even if it opens nothing any more."""
    if settings.access.users is not None:
        shown = _token(request.headers.get("authorization", ""))
        gone = revoked.read(settings.store.folder)
        known = users.read(settings.access.users, settings.area.time_zone, gone)
        if shown and (token := known.token(shown)):
            request.state.token, request.state.user = token.name, token.user
        return known.scope_of_token(shown) if shown else access.NOBODY
    # without one the door lets in this machine alone, and says so; no word of it is no right
    return access.LOCAL if request.scope.get(NEAR) else access.NOBODY


def items(request: Request, seen: view.Shown) -> Response:
    """One whole table as GeoJSON."""
    what, selection = _what(request), _selection(request, seen)
    content, rows = export.build(seen, what, ".geojson", selection)
    _log(request, seen, what, rows)
    return Response(content, media_type="application/geo+json", headers=HEADERS)


def landing(request: Request, seen: view.Shown) -> Response:
    """What there is and where."""
    here = _here(request)
    links = [
        _link(here, "self", "application/json"),
        _link(f"{here}/conformance", "conformance", "application/json"),
        _link(f"{here}/collections", "data", "application/json"),
    ]
    title = f"Kalbar Risk, {seen.meta.get('area', '')}"
    return _json({"title": title, "description": seen.meta.get("handling", ""), "links": links})


def conformance(request: Request, seen: view.Shown) -> Response:
    """Which parts of the standard are kept to."""
    return _json({"conformsTo": CONFORMS})


def collections(request: Request, seen: view.Shown) -> Response:
    """The tables."""
    here = _here(request)
    described = [_describe(what, here, seen) for what in WHATS]
    return _json({"links": [_link(f"{here}/collections", "self", "application/json")],
                  "collections": described})  # fmt: skip


def collection(request: Request, seen: view.Shown) -> Response:
    """One table."""
    return _json(_describe(_what(request).value, _here(request), seen))


def page(request: Request, seen: view.Shown) -> Response:
    """Some features of a table: limit, offset, bbox and the choices of the dashboard."""
    what, selection = _what(request), _selection(request, seen)
    query = request.query_params
    limit = min(max(_number(query.get("limit", str(USUAL_ITEMS)), int, "limit"), 1), MOST_ITEMS)
    offset = max(_number(query.get("offset", "0"), int, "offset"), 0)
    found = _features(seen, what, selection)
    if "bbox" in query:
        box = [_number(one, float, "bbox") for one in query["bbox"].split(",")]
        if len(box) == 6:
            box = [*box[:2], *box[3:5]]
        if len(box) != 4:
            raise DataError("bbox is west,south,east,north in degrees", key="query_bbox")
        found = [one for one in found if _touches(one[1], box)]
    part = [feature for feature, _ in found[offset : offset + limit]]
    here = f"{_here(request)}/collections/{what.value}/items"
    links = [_link(here, "self", "application/geo+json")]
    if offset + limit < len(found):
        rest = {**dict(query), "limit": limit, "offset": offset + limit}
        further = "&".join(f"{key}={value}" for key, value in rest.items())
        links.append(_link(f"{here}?{further}", "next", "application/geo+json"))
    _log(request, seen, what, len(part))
    return _json(
        {
            "type": "FeatureCollection", "numberMatched": len(found), "numberReturned": len(part),
            "links": links, "features": part,
        },
        "application/geo+json",
    )  # fmt: skip


def _asked(
    answer: Callable[[Request, view.Shown], Response],
) -> Callable[[Request], Response]:
    """Check the caller, then answer; what is refused is told by `joins.http.answers`."""

    def endpoint(request: Request) -> Response:
        asked = request.headers
        request.state.token = request.state.user = ""
        try:
            settings = load_settings()
            scope = caller(request, settings)
            if closed := Rights(scope).closed("fetch"):
                state = request.state
                more = {"token": state.token} if state.token else {}
                log_denied(settings, request.scope, "api", state.user, why=closed, **more)
                realm = {**HEADERS, "WWW-Authenticate": 'Basic realm="kalbar-risk"'}
                return refuse(Refusal(401, "token"), asked, realm)
            request.state.user = scope.user  # what is seen is shared by all with the same rights
            return answer(request, view.kept(view.newest(settings), settings, scope))
        except MissingTable as problem:
            return refuse_problem(problem, 404, asked, HEADERS)
        except DataError as problem:
            return refuse_problem(problem, 400, asked, HEADERS)
        except Exception as problem:  # of any kind: it is kept in the log, and its number told
            number = faults.note(problem, "api").number
            return refuse(Refusal(500, "fault", {"number": number}), asked, HEADERS)

    return endpoint


def _token(header: str) -> str:
    kind, _, secret = header.partition(" ")
    if kind.lower() == "bearer":
        return secret.strip()
    if kind.lower() == "basic":
        try:
            return base64.b64decode(secret, validate=True).decode().partition(":")[2]
        except ValueError:
            return ""
    return ""


def _what(request: Request) -> export.What:
    name = request.path_params["what"]
    if name not in WHATS:
        what = f"no table {name!r}; there are {', '.join(WHATS)}"
        raise MissingTable(what, key="no_table_named", name=name, known=list(WHATS))
    return export.What(name)


def _selection(request: Request, seen: view.Shown) -> Selection:
    query = request.query_params
    horizon, coverage = query.get("horizon"), query.get("coverage")
    return export.choose(
        seen,
        None if horizon is None else _number(horizon, int, "horizon"),
        query.get("group", "all"),
        None if coverage is None else _number(coverage, float, "coverage"),
        query.get("kabupaten", ""),
    )


def _number(text: str, kind: Callable[[str], N], name: str) -> N:
    try:
        return kind(text)
    except ValueError:
        given = str(text)[:20]
        what = f"{name} is a number, got {given!r}"
        raise DataError(what, key="query_number", name=name, given=given) from None


@lru_cache(maxsize=12)
def _features(
    seen: view.Shown, what: export.What, selection: Selection
) -> list[tuple[dict[str, Any], Box]]:
    """Features with their boxes (west, south, east, north), each with an id."""
    features = json.loads(export.build(seen, what, ".geojson", selection)[0])["features"]
    found = []
    for number, feature in enumerate(features):
        feature["id"] = feature["properties"].get("cell", number)
        flat = _points(feature["geometry"]["coordinates"])
        lon, lat = meridian.beside([x for x, _ in flat]), [y for _, y in flat]
        found.append((feature, (lon.min(), min(lat), lon.max(), max(lat))))
    return found


def _points(part: list[Any]) -> list[list[float]]:
    if part and isinstance(part[0], int | float):
        return [part]
    return [point for inner in part for point in _points(inner)]


def _touches(box: Box, asked: Sequence[float]) -> bool:
    """Whether two boxes (west, south, east, north) meet; one with west > east lies across 180."""
    west, east = asked[0], asked[2] + 360 * (asked[2] < asked[0])
    aside = all(box[0] + turn > east or box[2] + turn < west for turn in (-360, 0, 360))
    return not (aside or box[1] > asked[3] or box[3] < asked[1])


def _describe(what: str, here: str, seen: view.Shown) -> dict[str, Any]:
    cells = seen.frames["cells"]
    lon, lat = meridian.beside(cells["lon"]), cells["lat"]
    west, east = (float(meridian.back(end)) for end in (lon.min(), lon.max()))
    box = [west, float(lat.min()), east, float(lat.max())]  # west > east across 180
    return {
        "id": what,
        "title": what,
        "description": f"{seen.meta.get('licence', '')} · {seen.meta.get('handling', '')}",
        "extent": {"spatial": {"bbox": [box]}},
        "itemType": "feature",
        "crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],
        "links": [
            _link(f"{here}/collections/{what}", "self", "application/json"),
            _link(f"{here}/collections/{what}/items", "items", "application/geo+json"),
        ],
    }


def _here(request: Request) -> str:
    """Address of the landing page as the caller wrote it."""
    path = request.url.path.split("/api/features")[0] + "/api/features"
    return f"{request.url.scheme}://{request.url.netloc}{path}"


def _link(address: str, relation: str, kind: str) -> dict[str, Any]:
    return {"href": address, "rel": relation, "type": kind}


def _json(value: dict[str, Any], kind: str = "application/json") -> Response:
    return JSONResponse(value, media_type=kind, headers=HEADERS)


def _log(request: Request, seen: view.Shown, what: export.What, rows: int) -> None:
    line = {"what": f"api/{what.value}", "rows": rows, "assessment": seen.meta["id"]}
    if token := request.state.token:
        line["token"] = audit.name_or(token, "?")
    audit.log(opened.find_store(seen.settings), "export", request.state.user, line)

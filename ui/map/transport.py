"""What the browser fetches once and keeps: bytes under an unguessable address.

The address is a keyed hash over the content and the scope it was made for, with a key that lives
as long as this process. Who does not hold an address issued to him cannot build one.
"""

import gzip
import hashlib
import re
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

import pandas as pd

from ui.map.deck import compact, points, tile_of

#: what an address looks like; anything else is answered with 404 before looking
TAG = re.compile(r"[0-9a-f]{40}")
EMPTY = gzip.compress(compact({"type": "FeatureCollection", "features": []}), mtime=0)


class Shelf:
    """Gzipped JSON by address, the least recently used dropped when it grows too large."""

    def __init__(self, max_bytes: int = 256_000_000):
        self._key = secrets.token_bytes(32)
        self._items: OrderedDict[str, dict[str, bytes]] = OrderedDict()
        self._marks: dict[str, str] = {}
        self._bytes = 0
        self._max_bytes = max_bytes
        self._lock = Lock()

    def put(self, content: bytes, scope: str) -> str:
        """Keep some JSON for a scope; gives the relative URL."""
        tag = self._tag(content, scope)
        if tag not in self._items:
            self._keep(tag, {"": gzip.compress(content, 6, mtime=0)}, scope)
        return f"api/data/{tag}.json"

    def put_tiles(self, frame: pd.DataFrame, zoom: int, scope: str) -> str:
        """Keep named points cut into tiles of one zoom; gives the URL template.

        Parameters
        ----------
        frame : n (name), lat, lon
        zoom : of the tiles
        scope : whose they are; part of the address
        """
        x, y = tile_of(frame["lat"].to_numpy(float), frame["lon"].to_numpy(float), zoom)
        tiles = {
            f"{key[0]}-{key[1]}": gzip.compress(compact(points(part)), 6, mtime=0)
            for key, part in frame.groupby([x, y])
        }
        tag = self._tag(compact(points(frame)) + str(zoom).encode(), scope)
        self._keep(tag, tiles, scope)
        return f"api/data/{tag}/{{x}}-{{y}}.json"

    def put_zooms(self, tiles: Mapping[str, pd.DataFrame], scope: str) -> str:
        """Keep named points that differ by zoom; gives the URL template.

        Parameters
        ----------
        tiles : by "zoom-x-y", each with lat, lon and what belongs to a point
        scope : whose they are; part of the address
        """
        packed = {name: compact(points(part)) for name, part in tiles.items()}
        tag = self._tag(b"".join(name.encode() + packed[name] for name in sorted(packed)), scope)
        self._keep(
            tag, {name: gzip.compress(one, 6, mtime=0) for name, one in packed.items()}, scope
        )
        return f"api/data/{tag}/{{z}}-{{x}}-{{y}}.json"

    def get(self, tag: str, tile: str = "") -> bytes | None:
        """The gzipped bytes of an address, None if it was never issued (or long unused)."""
        if not TAG.fullmatch(tag):
            return None
        with self._lock:
            if tag not in self._items:
                return None
            self._items.move_to_end(tag)
            return self._items[tag].get(tile, EMPTY if tile else None)

    def mark(self, tag: str) -> str:
        """What an address was made for; "" for one that was never issued."""
        with self._lock:
            return self._marks.get(tag, "")

    @property
    def bytes_held(self) -> int:
        """How much is kept, gzipped."""
        return self._bytes

    def _tag(self, content: bytes, scope: str) -> str:
        whole = hashlib.blake2b(content, key=self._key, digest_size=20, person=b"kalbar-shelf")
        whole.update(b"\0" + scope.encode())
        return whole.hexdigest()

    def _keep(self, tag: str, item: dict[str, bytes], mark: str) -> None:
        with self._lock:
            if tag in self._items:
                return
            self._items[tag], self._marks[tag] = item, mark
            self._bytes += _size(item)
            while self._bytes > self._max_bytes and len(self._items) > 1:
                old, dropped = self._items.popitem(last=False)
                del self._marks[old]
                self._bytes -= _size(dropped)


def _size(item: dict[str, bytes]) -> int:
    return sum(len(part) for part in item.values())


#: the one shelf of this process: app.py fills it, serve.py answers from it
SHELF = Shelf()

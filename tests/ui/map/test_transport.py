"""Only who was given an address can fetch it."""

import gzip
import json

import pandas as pd

from ui.map.transport import TAG, Shelf


def tag(url: str) -> str:
    return url.split("/")[2].removesuffix(".json")


def test_what_is_put_comes_back():
    shelf = Shelf()
    url = shelf.put(b"[1,2]", "scope")
    assert TAG.fullmatch(tag(url))
    assert gzip.decompress(shelf.get(tag(url))) == b"[1,2]"


def test_the_same_content_has_another_address_in_another_scope_or_process():
    one, other = Shelf(), Shelf()
    assert one.put(b"x", "a") == one.put(b"x", "a")
    assert one.put(b"x", "a") != one.put(b"x", "b")
    assert one.put(b"x", "a") != other.put(b"x", "a")


def test_an_address_that_was_not_issued_is_unknown():
    shelf = Shelf()
    shelf.put(b"x", "a")
    assert shelf.get("0" * 40) is None
    assert shelf.get("../../etc/passwd") is None
    assert shelf.get("") is None


def test_the_least_used_goes_first():
    shelf = Shelf(max_bytes=80)
    urls = [shelf.put(f"{i}".encode() * 50, "a") for i in range(3)]
    shelf.get(tag(urls[1]))
    last = shelf.put(b"z" * 50, "a")
    assert shelf.get(tag(urls[0])) is None
    assert shelf.get(tag(last)) is not None
    assert shelf.bytes_held <= 80


def test_tiles_hold_every_point_once():
    shelf = Shelf()
    frame = pd.DataFrame(
        {"n": ["a", "b", "c"], "lat": [1.0, 1.01, -1.0], "lon": [110.0, 110.01, 112.0]}
    )
    name = tag(shelf.put_tiles(frame, 8, "a"))
    found = []
    for x in range(200, 215):
        for y in range(120, 135):
            content = json.loads(gzip.decompress(shelf.get(name, f"{x}-{y}")))
            found += [feature["properties"]["n"] for feature in content["features"]]
    assert sorted(found) == ["a", "b", "c"]

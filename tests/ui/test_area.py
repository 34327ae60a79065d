"""An area on the main page: pasted, clicked together, linked, taken away, refused in words."""

import json

from ui.selection import Selection
from ui.views.map import area
from ui.words import t

PASTED = "POLYGON((110.1 0.5, 110.8 0.5, 110.8 1.0, 110.1 1.0, 110.1 0.5))"
LINKED = "1101000.10000~1108000.10000~1108000.5000~1101000.5000"


def layers(at) -> list[str]:
    chart = at.get("deck_gl_json_chart")[0].proto.json
    return [one["id"] for one in json.loads(chart)["layers"]]


def text(at) -> str:
    written = [e.proto.body for e in at.get("html")]
    return " ".join(written + [e.value for e in (*at.markdown, *at.caption, *at.error)])


def paste(at, what: str):
    at.session_state["area_way"] = "paste"
    at.run()
    at.text_area(key="area_text").set_value(what).run()
    return at.button(key="area_take").click().run()


def test_a_linked_area_is_drawn_counted_and_cleared(app):
    app.query_params["area"] = LINKED
    at = app.run()
    assert not at.exception
    assert layers(at).index("cells") < layers(at).index("area")
    written = text(at)
    for key in ("area.size", "area.records", "area.hours"):
        assert t(key, "id") in written
    assert "Sektor yang tersentuh" in written and at.query_params["area"] == LINKED
    at = at.button(key="area_clear").click().run()
    assert "area" not in layers(at) and "area" not in at.query_params


def test_a_pasted_area_is_taken_and_what_is_none_is_said_in_words(app):
    app.query_params["lang"] = "en"
    app.session_state["area_way"] = "paste"
    at = app.run()
    at.text_area(key="area_text").set_value("POLYGON((0.6 110.1,0.6 110.3,0.8 110.3))")
    at = at.button(key="area_take").click().run()
    assert "longitude and latitude are swapped" in text(at) and "area" not in layers(at)
    at.text_area(key="area_text").set_value(PASTED)
    at = at.button(key="area_take").click().run()
    assert not at.exception
    assert "area" in layers(at) and "Sectors touched" in text(at)
    assert at.query_params["area"] == LINKED


def test_a_click_adds_a_cell_and_a_second_click_on_it_too(monkeypatch):
    clicked, kept = ["87x"], [Selection()]
    monkeypatch.setattr(area.st, "session_state", {"area_way": "cells"})
    monkeypatch.setattr(area.state, "clicked_cell", lambda: clicked[0])
    monkeypatch.setattr(area.state, "kept", lambda: kept[0])
    monkeypatch.setattr(area.state, "keep", lambda area: kept.append(area))

    class Desk:
        refusal = ValueError

        def toggle(self, old: str, cell: str) -> str:
            return f"{old}+{cell}"

    area.take_click(Desk(), None)
    clicked[0] = ""  # the browser lets the cell go at the second click
    area.take_click(Desk(), None)
    assert kept[1:] == ["+87x", "+87x"]

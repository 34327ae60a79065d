"""Two maps of one assessment: other pictures, and numbers in both legends."""

import pytest
from streamlit.testing.v1 import AppTest

from data.gate import access
from joins.desks import view
from settings import load_settings
from ui.selection import Selection

GIVEN: dict = {}


def script():
    from tests.ui.test_two import GIVEN
    from ui import theme
    from ui.views import two

    two.show(GIVEN["what"], GIVEN["seen"], GIVEN["selection"], theme.LIGHT)


@pytest.mark.parametrize(("what", "lang"), [("lengths", "id"), ("quantities", "en")])
def test_each_side_has_its_own_picture_and_a_legend_with_numbers(config, what, lang):
    settings = load_settings(config)
    seen = view.kept(view.newest(settings), settings, access.LOCAL)
    selection = Selection(lang=lang, kabupaten="61.03")
    GIVEN.update(what=what, seen=seen, selection=selection)
    app = AppTest.from_function(script, default_timeout=60)
    app.session_state["selection"] = selection
    app.run()
    assert not app.exception
    legends = [one.proto.body for one in app.get("html")]
    assert len(legends) == 2 and legends[0] != legends[1]
    for legend in legends:
        assert sum(sign.isdigit() for sign in legend.split("kr-legend")[-1]) > 10
    images = [str(one.proto) for one in app.get("image")]
    assert len(images) == len(set(images)) == 2

"""What a visitor would have to wait for, made before he comes: at the start of the server, and
again as soon as there is a newer assessment.

Only what every visitor needs is made: the frames of an assessment as each scope may see them, the
pack of cells in each language, the first page's figures.
"""

import logging
from threading import Event

from data.errors import DataError
from data.gate import access, users
from data.gate.rights import Rights
from joins.desks import (
    monday,
    papers,  # noqa: F401  the modules of the first page are loaded here, not at a visit
    steward,  # noqa: F401
    view,
)
from settings import Settings, load_settings
from ui.map import scene
from ui.selection import LANGUAGES, Selection
from ui.views import compare  # noqa: F401
from ui.views.data import page as data_page  # noqa: F401
from ui.views.map import details, layers, unit  # noqa: F401
from ui.views.map import page as map_page  # noqa: F401

#: scopes that are made ready; those of more users are read at their first visit
MOST_SCOPES = 4
LOOK_SECONDS = 20.0
log = logging.getLogger(__name__)


def watch(stop: Event) -> None:
    """Prepare each new assessment until `stop` is set."""
    done = ""
    while True:
        try:
            settings = load_settings()
            name = view.newest(settings)
            if name != done:
                prepare(name, settings)
                done = name
        except DataError as problem:  # told on the page too; here only for whoever reads the log
            log.info("nothing to prepare yet: %s", problem)
        if stop.wait(LOOK_SECONDS):
            return


def prepare(name: str, settings: Settings) -> list[access.Scope]:
    """Make an assessment ready for those who may look; gives the scopes it was made ready for."""
    ready = scopes(settings)
    for scope in ready:
        seen = view.kept(name, settings, scope)
        first = Selection.default(seen.options)
        drawn, _ = seen.scene(first), seen.ground
        numbers = scene.number_kecamatan(drawn.everywhere)
        for lang in LANGUAGES:
            layers.pack_url(seen, first.group, lang, numbers)
    for scope in ready:  # the earlier assessment, once everybody can see this one
        seen = view.kept(name, settings, scope)
        monday.facts(seen, Selection.default(seen.options), seen.scope)
    return ready


def scopes(settings: Settings) -> list[access.Scope]:
    """The scopes of those who may look, the most common first."""
    if settings.access.users is None:
        return [access.LOCAL]
    listed = users.read(settings.access.users, settings.area.time_zone).scopes.values()
    return [scope for scope in listed if Rights(scope).may("see")][:MOST_SCOPES]

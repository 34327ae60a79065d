"""Why there is no wheel: what `pip install .`, `pip wheel .` and `python -m build` are told.

A build backend (PEP 517) that builds nothing; `docs/deploy.md` says how the program is installed.
"""

from typing import NoReturn

WHY = (
    "kalbar-risk is an application, not a package: its settings, its area and its store lie beside "
    "its code. Copy the folder and run `make run`, or see docs/deploy.md."
)


def build_wheel(*_: object, **__: object) -> NoReturn:
    """Refuse, in a sentence."""
    raise SystemExit(WHY)


build_sdist = build_editable = prepare_metadata_for_build_wheel = build_wheel
prepare_metadata_for_build_editable = get_requires_for_build_wheel = build_wheel
get_requires_for_build_sdist = get_requires_for_build_editable = build_wheel

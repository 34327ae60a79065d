"""Ask for a right before a thing is done; a refusal leaves a line in the audit log."""

from collections.abc import Sequence

from data.gate.access import Scope
from data.gate.rights import Refused, Resource, Rights
from data.store import audit
from joins import opened
from settings import Settings


def demand(
    settings: Settings,
    scope: Scope,
    action: str,
    resource: Resource | None = None,
    names: Sequence[str] = (),
) -> None:
    """Go on if a viewer may do a thing.

    Parameters
    ----------
    settings : name the store whose log is told
    scope : the viewer
    action : one of `rights.ACTIONS`
    resource : what it would be done to, where the rule depends on it
    names : numbers or codes of what was asked for, for the log; no word that a person typed

    Raises
    ------
    Refused
        With what the action needs, once the denial stands in the log.
    """
    try:
        Rights(scope).demand(action, resource)
    except Refused as refused:
        line = {"what": action, "why": refused.why} | ({"names": [*names]} if names else {})
        audit.log(opened.open_store(settings), "denied", scope.user, line)
        raise

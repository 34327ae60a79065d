"""What a viewer may do: every action once, with what it takes.

Pages, files, addresses and commands ask here and nowhere else, so that a button that is shown is
one that works, and what is refused on the screen is refused by address and by command. Denied by
default: an action that is not listed raises, and so does one that depends on what it is done to
when nobody says what that is.
"""

from dataclasses import dataclass

import pandas as pd

from data.errors import DataError
from data.gate.access import ALL_AGENCIES, LOCAL, NOBODY, TIERS, Scope

#: what can be missing, in the order in which it is told -> what is needed instead. The first five
#: are of the viewer, the rest of what an action is done to
CONDITIONS = {
    "expired": "a right that has not expired",
    "machine": "a seat at the machine that runs the program",
    "tier": "the {tier} tier",
    "agency": "a right that names an agency",
    "area": "sight of the whole area",
    "plan": "sight of everything in the plan",
    "records": "sight of both records",
    "cell": "a cell of the assessment inside one's own districts",
    "source": "a file that holds records of one's own agency alone",
    "import": "an import of one's own, or of one's own agency and the whole area",
    "word": "to be who said it, or the joint task force",
}
_OF_VIEWER = ("expired", "machine", "tier", "agency", "area")


@dataclass(frozen=True)
class Rule:
    """One action: in words, the lowest tier that may, and what else must hold (CONDITIONS)."""

    words: str
    tier: str
    needs: tuple[str, ...]

    @property
    def of_viewer(self) -> tuple[str, ...]:
        """The conditions that the viewer's right alone decides, in the order of CONDITIONS."""
        wanted = {"expired", "tier", *self.needs}
        return tuple(name for name in _OF_VIEWER if name in wanted)

    @property
    def of_resource(self) -> tuple[str, ...]:
        """The conditions that depend on what the action is done to."""
        return tuple(name for name in CONDITIONS if name in self.needs and name not in _OF_VIEWER)


def _declare(text: str) -> dict[str, Rule]:
    """Lines of "action : in words : lowest tier : conditions"."""
    rules = {}
    for line in text.strip().splitlines():
        action, words, tier, needs = (part.strip() for part in line.split(":"))
        rules[action] = Rule(words, tier, tuple(needs.replace(",", " ").split()))
    return rules


#: every action there is
ACTIONS: dict[str, Rule] = _declare(
    """
    see : looking at the map, the proof and the sources : public :
    take : taking a table or a paper away : public :
    fetch : fetching a table by its address : public :
    see_records : seeing records : restricted :
    see_whole_area : seeing counts and totals of the whole area : restricted : area
    contest : contesting a score : restricted : agency, cell
    withdraw_contest : withdrawing what was said of a score : restricted : agency, word
    send_file : sending a file to the server : restricted :
    import_file : bringing a file : restricted : agency
    keep_file : storing what a file holds : restricted : agency, source
    draft_crosswalk : drafting a crosswalk : restricted : agency
    see_import : seeing an import and its set-aside rows : restricted : agency, import
    mend : downloading set-aside rows : restricted : agency, import
    undo_import : undoing an import : restricted : agency, import
    find_twins : looking for twins : restricted : agency
    decide_twins : deciding on twins : restricted : agency, records
    see_plan : seeing a patrol plan, its stops inside one's own districts : restricted :
    take_orders : taking the orders inside one's own districts away : restricted :
    make_plan : making a plan : restricted : area
    see_plan_reasons : seeing the reasons and the worth of a plan : restricted : plan
    edit_plan : editing a plan : restricted : plan
    approve_plan : approving a plan : restricted : plan
    sign_plan : signing a plan, or taking a signed one back : restricted : plan
    compare_plan : comparing a plan with what was done : restricted : plan
    assess : writing an assessment : restricted : machine
    erase : erasing a sentence for good : restricted : machine
    keep_store : backing up, restoring and reading the store itself : restricted : machine
    """
)


@dataclass(frozen=True)
class Resource:
    """What an action is done to, as far as a right depends on it.

    seen : whether all of it lies in what the viewer is shown (`access.visible`)
    by : who made it
    agencies : whose records it holds
    """

    seen: bool = False
    by: str = ""
    agencies: frozenset[str] = frozenset()


class Refused(DataError):
    """A viewer may not do a thing: `why` is the key of what is missing (CONDITIONS)."""

    def __init__(self, action: str, why: str):
        rule = ACTIONS[action]
        needs = [CONDITIONS[name].format(tier=rule.tier) for name in _listed(rule)]
        listed = " and ".join(part for part in (", ".join(needs[:-1]), needs[-1]) if part)
        words = f"{rule.words} needs {listed}; ask the joint task force"
        super().__init__(words, key=f"right_{why}", action=action)
        self.action, self.why = action, why


@dataclass(frozen=True)
class Rights:
    """What one viewer may do.

    scope : the viewer
    now : the moment of asking; this one if left out
    """

    scope: Scope
    now: pd.Timestamp | None = None

    def closed(self, action: str) -> str:
        """Why an action is not for this viewer, whatever it would be done to; "" if it may be.

        Raises
        ------
        KeyError
            If there is no such action.
        """
        rule = ACTIONS[action]
        return next((name for name in rule.of_viewer if not self._holds(name, rule)), "")

    def why_not(self, action: str, resource: Resource | None = None) -> str:
        """Why the viewer may not do a thing, the key of what is missing; "" if he may.

        Parameters
        ----------
        action : one of ACTIONS
        resource : what it would be done to, where the rule depends on it

        Raises
        ------
        KeyError
            If there is no such action.
        ValueError
            If the rule depends on a resource and none is given: nobody is let in by forgetting.
        """
        rule = ACTIONS[action]
        if closed := self.closed(action):
            return closed
        if not rule.of_resource:
            return ""
        if resource is None:
            raise ValueError(f"{rule.words} depends on what it is done to: name the resource")
        return next((name for name in rule.of_resource if not self._fits(name, resource)), "")

    def may(self, action: str, resource: Resource | None = None) -> bool:
        """Whether the viewer may do a thing; arguments and errors as for `why_not`."""
        return not self.why_not(action, resource)

    def demand(self, action: str, resource: Resource | None = None) -> None:
        """Go on if the viewer may; arguments and other errors as for `why_not`.

        Raises
        ------
        Refused
            With what the action needs, and the key of what is missing.
        """
        if why := self.why_not(action, resource):
            raise Refused(action, why)

    def acts_for(self, agency: str) -> bool:
        """Whether the records of an agency are the viewer's own."""
        return self.scope.agency == ALL_AGENCIES or (bool(agency) and agency == self.scope.agency)

    @property
    def until(self) -> pd.Timestamp | None:
        """The moment at which the right ends; None if there is none."""
        return self.scope.expires

    def _holds(self, name: str, rule: Rule) -> bool:
        """A condition of the viewer."""
        scope = self.scope
        if name == "expired":
            return scope.alive(self.now)
        if name == "machine":
            return scope.here
        if name == "tier":
            return TIERS.index(scope.tier) >= TIERS.index(rule.tier)
        if name == "agency":
            return bool(scope.agency)
        return scope.everywhere  # "area"

    def _fits(self, name: str, resource: Resource) -> bool:
        """A condition of what an action is done to."""
        scope = self.scope
        mine = bool(resource.by) and resource.by == scope.user
        for_all = scope.agency == ALL_AGENCIES
        if name == "source":
            return all(self.acts_for(agency) for agency in resource.agencies)
        if name == "import":
            own = for_all or resource.agencies == {scope.agency}
            return mine or (scope.everywhere and own)
        if name == "word":
            return mine or for_all
        return resource.seen  # "plan", "records", "cell"


def _listed(rule: Rule) -> list[str]:
    """What a rule needs, in the order in which it is told; the lowest tier is no condition."""
    needs = [*rule.of_viewer, *rule.of_resource]
    return [name for name in needs if name != "tier" or rule.tier != TIERS[0]]


# the same as the tables of the documents ------------------------------------------------------

_FAR = pd.Timestamp("2200-01-01", tz="UTC")
_ONE = frozenset({"61.03"})
#: a viewer of each kind there is, as the documents tell them apart
VIEWERS: dict[str, Scope] = {
    "not listed": NOBODY,
    "expired": Scope("a", ALL_AGENCIES, "restricted", None, None, pd.Timestamp(0, tz="UTC")),
    "public": Scope("b", "dinsos", "public", None, None, _FAR),
    "internal": Scope("c", "bp3mi", "internal", None, None, _FAR),
    "restricted, no agency": Scope("d", "", "restricted", None, None, _FAR),
    "commander of a district": Scope("e", "satgas_pamtas", "restricted", _ONE, None, _FAR),
    "steward or analyst of an agency": Scope("f", "polda", "restricted", None, None, _FAR),
    "joint task force": Scope("g", ALL_AGENCIES, "restricted", None, None, _FAR),
    "at the machine": LOCAL,
}


def rules_as_markdown() -> str:
    """What each action needs, as the table of the documents."""
    lines = ["| action | what | needs |", "|---|---|---|"]
    for action, rule in ACTIONS.items():
        needs = "; ".join(CONDITIONS[name].format(tier=rule.tier) for name in _listed(rule))
        lines.append(f"| `{action}` | {rule.words} | {needs} |")
    return "\n".join(lines)


def viewers_as_markdown() -> str:
    """Who may do what, as the table of the documents: yes, with which condition, or why not."""
    heads = list(VIEWERS)
    lines = [f"| action | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for action, rule in ACTIONS.items():
        table_lines = []
        for scope in VIEWERS.values():
            closed = Rights(scope).closed(action)
            may = f"yes: {', '.join(rule.of_resource)}" if rule.of_resource else "yes"
            table_lines.append(f"no: {closed}" if closed else may)
        lines.append(f"| `{action}` | {' | '.join(table_lines)} |")
    return "\n".join(lines)

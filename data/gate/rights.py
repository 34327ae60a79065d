"""What a viewer may do: every action once, with what it takes.

Pages, files, addresses and commands ask here and nowhere else, so that a button that is shown is
one that works, and what is refused on the screen is refused by address and by command. Denied by
default: an action that is not listed raises, and so does one that depends on what it is done to
when nobody says what that is.
"""

from dataclasses import dataclass

import pandas as pd

from data.errors import DataError
from data.gate.access import ALL_AGENCIES, LOCAL, NOBODY, OVERSIGHT, ROLES, TIERS, Scope

#: what can be missing, in the order in which it is told -> what is needed instead. The first six
#: are of the viewer, the rest of what an action is done to
CONDITIONS = {
    "expired": "a right that has not expired",
    "role": "{roles}",
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
_OF_VIEWER = ("expired", "role", "machine", "tier", "agency", "area")
#: a group of roles, as ACTIONS name them -> who is in it
DUTIES: dict[str, frozenset[str]] = {
    "anybody": frozenset(ROLES),
    "data": frozenset(ROLES) - OVERSIGHT,
    "planning": frozenset({"", "analyst", "commander"}),
    **{role: frozenset({"", role}) for role in ROLES if role and role not in OVERSIGHT},
    **{role: frozenset({role}) for role in OVERSIGHT},
}


@dataclass(frozen=True)
class Rule:
    """One action: in words, the lowest tier that may, what else must hold (CONDITIONS), and whose
    work it is (DUTIES)."""

    words: str
    tier: str
    needs: tuple[str, ...]
    duty: str

    @property
    def of_viewer(self) -> tuple[str, ...]:
        """The conditions that the viewer's right alone decides, in the order of CONDITIONS."""
        wanted = {"expired", "tier", *self.needs, *(["role"] if self.duty != "anybody" else [])}
        return tuple(name for name in _OF_VIEWER if name in wanted)

    @property
    def of_resource(self) -> tuple[str, ...]:
        """The conditions that depend on what the action is done to."""
        return tuple(name for name in CONDITIONS if name in self.needs and name not in _OF_VIEWER)


def _declare(text: str) -> dict[str, Rule]:
    """Lines of "action : in words : lowest tier : conditions : whose work it is"."""
    rules = {}
    for line in text.strip().splitlines():
        action, words, tier, needs, duty = (part.strip() for part in line.split(":"))
        rules[action] = Rule(words, tier, tuple(needs.replace(",", " ").split()), duty)
    return rules


#: every action there is
ACTIONS: dict[str, Rule] = _declare(
    """
    see : looking at the map, the proof and the sources : public : : data
    take : taking a table or a paper away : public : : data
    fetch : fetching a table by its address : public : : data
    see_records : seeing records : restricted : : data
    see_whole_area : seeing counts and totals of the whole area : restricted : area : data
    contest : contesting a score : restricted : agency, cell : analyst
    withdraw_contest : withdrawing what was said of a score : restricted : agency, word : analyst
    send_file : sending a file to the server : restricted : : data
    import_file : bringing a file : restricted : agency : steward
    keep_file : storing what a file holds : restricted : agency, source : steward
    draft_crosswalk : drafting a crosswalk : restricted : agency : steward
    see_import : seeing an import and its set-aside rows : restricted : agency, import : steward
    mend : downloading set-aside rows : restricted : agency, import : steward
    undo_import : undoing an import : restricted : agency, import : steward
    find_twins : looking for twins : restricted : agency : steward
    decide_twins : deciding on twins : restricted : agency, records : steward
    see_plan : seeing a patrol plan, its stops inside one's own districts : restricted : : data
    take_orders : taking the orders inside one's own districts away : restricted : : data
    make_plan : making a plan : restricted : area : planning
    see_plan_reasons : seeing the reasons and the worth of a plan : restricted : plan : data
    edit_plan : editing a plan : restricted : plan : planning
    approve_plan : approving a plan : restricted : plan : commander
    sign_plan : signing a plan, or taking a signed one back : restricted : plan : commander
    compare_plan : comparing a plan with what was done : restricted : plan : data
    assess : writing an assessment : restricted : machine : anybody
    erase : erasing a sentence for good : restricted : machine : anybody
    keep_store : backing up, restoring and reading the store itself : restricted : machine : anybody
    anchor_audit : writing down the head of the log elsewhere : restricted : machine : anybody
    read_audit : reading the audit log and checking its chain : public : : auditor
    take_audit : taking the audit log away : public : : auditor
    administer : seeing users, tokens, sessions and health : public : : administrator
    end_access : revoking a token, or ending the sessions of a person : public : : administrator
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
        needs = _needs(rule)
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
        if name == "expired":  # who watches over others has no district, and is not let go for it
            return scope.in_time(self.now) if scope.role in OVERSIGHT else scope.alive(self.now)
        if name == "role":
            return scope.here or scope.role in DUTIES[rule.duty]
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


def _needs(rule: Rule) -> list[str]:
    """What a rule needs, in words."""
    return [
        CONDITIONS[name].format(tier=rule.tier, roles=_in_duty(rule.duty)) for name in _listed(rule)
    ]


def _in_duty(duty: str) -> str:
    """Whose work it is, in words."""
    if duty == "data":
        return "a role that works with data"
    roles = [role for role in ROLES if role and role in DUTIES[duty]]
    needed = f"the role {' or '.join(roles)}"
    return f"{needed}, or none" if "" in DUTIES[duty] else needed


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
    "role commander": Scope("h", "polda", "restricted", None, None, _FAR, role="commander"),
    "role analyst": Scope("i", "polda", "restricted", None, None, _FAR, role="analyst"),
    "role steward": Scope("j", "polda", "restricted", None, None, _FAR, role="steward"),
    "role auditor": Scope("k", expires=_FAR, role="auditor"),
    "role administrator": Scope("l", expires=_FAR, role="administrator"),
    "at the machine": LOCAL,
}


def rules_as_markdown() -> str:
    """What each action needs, as the table of the documents."""
    lines = ["| action | what | needs |", "|---|---|---|"]
    for action, rule in ACTIONS.items():
        lines.append(f"| `{action}` | {rule.words} | {'; '.join(_needs(rule))} |")
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

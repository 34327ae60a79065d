"""What a person typed, let through by the personal-data gate: the only sentence a writer stores.

A `Said` cannot be made without passing the gate, and a writer takes nothing else. So a reason, a
note or a name that tells of a person is sent back to who wrote it, whichever door it comes by.
"""

import re
from collections.abc import Iterable

import pandas as pd

from data.errors import DataError

#: signs of a sentence that a person types: a line or two
LONGEST = 300
#: a short field that names a thing: a team, a post, an action
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,39}")


class Said(str):
    """A sentence that a person typed and that holds no personal data, in single spaces.

    Parameters
    ----------
    text : what was typed
    what : what it is said of, as the refusal names it: "an undo", "a change"

    Raises
    ------
    DataError
        If nothing was said or too much; PersonalDataError if it holds, or is likely to hold,
        personal data. The text is not quoted.
    """

    __slots__ = ()

    def __new__(cls, text: str, what: str = "this text") -> "Said":
        text = " ".join(str(text).split())
        if not text:
            raise DataError(f"{what} needs a reason", key="reason_needed", where=what)
        if len(text) > LONGEST:
            raise DataError(
                f"a reason has at most {LONGEST} signs, got {len(text)}",
                key="reason_long", most=LONGEST, n=len(text),
            )  # fmt: skip
        from data.personal.gate import refuse_text  # a listing types nothing, and starts without

        refuse_text(text, f"the text of {what}")
        return super().__new__(cls, text)

    @classmethod
    def or_nothing(cls, text: str, what: str) -> "Said":
        """The same, where nothing need be said."""
        return cls(text, what) if str(text).strip() else NOTHING

    @classmethod
    def joined(cls, several: Iterable["Said"], between: str = "; ") -> "Said":
        """Several sentences as one; each passed the gate by itself."""
        return str.__new__(cls, between.join(plain_of(one, "a sentence") for one in several))

    # `__new__` takes more than that of a plain text: what the sentence is of
    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), "this text"


def own_word(text: str) -> Said:
    """A word that the program itself says, where else a person's sentence stands: a literal."""
    return str.__new__(Said, text)


#: nothing was said
NOTHING = own_word("")


def plain_of(value: Said, what: str) -> str:
    """The text of a `Said` as a plain one, to be stored; every writer asks for it so.

    Raises
    ------
    TypeError
        If it is any other text: it did not pass the gate.
    """
    if not isinstance(value, Said):
        raise TypeError(
            f"the text of {what} is a Said, made by the personal-data gate, "
            f"got {type(value).__name__}"
        )
    return str.__str__(value)


def said_column(texts: pd.Series, what: str) -> pd.Series:
    """Each text of a column as a `Said` (object), missing ones as None."""
    values = [None if pd.isna(text) else Said.or_nothing(text, what) for text in texts]
    return pd.Series(values, index=texts.index, dtype=object)


def code_of(text: str, what: str) -> str:
    """A short field that names a thing: letters, digits and `_ . / -`, at most 40 signs.

    Raises
    ------
    DataError
        If it is none, without quoting it; PersonalDataError if it names a person.
    """
    if not isinstance(text, str) or not _CODE.fullmatch(text):
        raise DataError(
            f"{what}: a code has letters, digits and _ . / -, at most 40 signs",
            key="no_code", where=what,
        )  # fmt: skip
    from data.personal.gate import PersonalDataError
    from data.personal.signs import kinds_in_name

    if kinds_in_name(text):
        raise PersonalDataError(
            f"{what} was refused, because it names a person", key="code_names", where=what
        )
    return text

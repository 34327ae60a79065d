"""Sums of numbers of which some may be hidden: a hidden part is said, never counted as 0."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ui.words import number, t


@dataclass(frozen=True)
class Sum:
    """What is shown of a sum: the sum of its open parts, and how many parts are hidden.

    whole : False where the viewer sees none of it, as of a table that is not for his tier
    """

    value: float = 0.0
    hidden: int = 0
    parts: int = 0
    whole: bool = True

    @property
    def open(self) -> bool:
        """Whether nothing of it is hidden."""
        return self.whole and not self.hidden

    @property
    def unknown(self) -> bool:
        """Whether nothing can be said of it."""
        return not self.whole or (self.hidden > 0 and self.hidden == self.parts)

    def say(self, lang: str, decimals: int = 0, scale: float = 1.0) -> str:
        """The number; "at least" it where a part is hidden; "hidden" where all of it is.

        Parameters
        ----------
        lang : of the words, "id" or "en"
        decimals : of the number
        scale : the number is multiplied by it
        """
        if self.unknown:
            return t("sum.hidden", lang)
        figure = number(self.value * scale, lang, decimals)
        return figure if self.open else t("sum.at_least", lang, n=figure)


def add(values: pd.Series, seen: bool = True) -> Sum:
    """The sum of a column in which NA means hidden.

    Parameters
    ----------
    values : numbers
    seen : False if the viewer sees none of the table they are from
    """
    numbers = values.to_numpy(float)
    return Sum(float(np.nansum(numbers)), int(np.isnan(numbers).sum()), len(numbers), seen)

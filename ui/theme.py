"""How things look: one ramp per quantity, the same in map, legend, list and papers.

Ramps are made in OKLCH: lightness in even steps, so that equal steps look equal and survive any
colour blindness and a grey print. One order for both screens: the lowest class is nearly the
ground, and each higher one stands out from it more. Risk has two classes more than the others,
within the hotspots, and its hue turns with the class, so that the first few sectors differ.
Whether a cell was watched is never a colour: watched cells bear dots (`docs/method.md`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

Colour = tuple[int, int, int]

#: shares of the area at which classes begin, highest first; one rule for "tinggi" in map, list and
#: text. The first two divide the hotspots and are for risk alone.
CLASS_TOPS = (0.001, 0.004, 0.01, 0.05, 0.15, 0.40)
CLASSES = ("very_low", "low", "medium", "high", "very_high", "extreme", "highest")


FALLS = ("fall_much", "fall", "same", "rise", "rise_much")
LEVELS = ("trend_none", "trend_fading", "trend_sporadic", "trend_lasting", "trend_rising")


@dataclass(frozen=True)
class Palette:
    """Colours of one screen mode; text on `paper` reaches contrast AA."""

    dark: bool
    paper: Colour
    sea: Colour
    land: Colour
    abroad: Colour
    line: Colour
    hairline: Colour
    border: Colour
    ink: Colour
    muted: Colour
    halo: Colour
    hotspot: Colour
    chosen: Colour
    patrol: Colour
    unknown: Colour


LIGHT = Palette(
    dark=False,
    paper=(255, 255, 255),
    sea=(222, 231, 237),
    land=(250, 249, 246),
    abroad=(239, 237, 231),
    line=(120, 116, 108),
    hairline=(190, 186, 178),
    border=(38, 38, 44),
    ink=(32, 33, 38),
    muted=(92, 92, 98),
    halo=(255, 255, 255),
    hotspot=(20, 20, 24),
    chosen=(0, 98, 204),
    patrol=(0, 120, 110),
    unknown=(203, 205, 211),
)
DARK = Palette(
    dark=True,
    paper=(14, 17, 23),
    sea=(16, 22, 30),
    land=(38, 40, 45),
    abroad=(28, 31, 37),
    line=(150, 148, 142),
    hairline=(84, 84, 86),
    border=(232, 230, 222),
    ink=(242, 242, 240),
    muted=(172, 173, 178),
    halo=(12, 14, 18),
    hotspot=(255, 255, 255),
    chosen=(92, 184, 255),
    patrol=(72, 210, 190),
    unknown=(74, 77, 86),
)


def palette(mode: str | None) -> Palette:
    """The palette of a screen mode, "dark" or anything else."""
    return DARK if mode == "dark" else LIGHT


@dataclass(frozen=True)
class Quantity:
    """One thing that can be shown: `column` feeds it, `key` names its words and its URL code.

    `hue` in degrees (OKLCH). `two_sided` quantities run from a fall over nothing to a rise.
    """

    key: str
    column: str
    hue: float
    decimals: int = 2
    two_sided: bool = False
    levels: bool = False  # whole levels 0 to 4 that are named, not measured
    classes: int = 5
    turn: tuple[float, float] = (0.0, 0.0)  # degrees of hue from the least to the most, light, dark

    @property
    def label(self) -> str:
        """Key of its name in `ui.words`."""
        return f"quantity.{self.key}"

    @property
    def unit(self) -> str:
        """Key of its unit in `ui.words`."""
        return f"unit.{self.key}"


QUANTITIES = {
    one.key: one
    for one in (
        Quantity("risk", "risk", hue=38, classes=7, turn=(-65.0, 75.0)),
        Quantity("change", "change", hue=38, two_sided=True),
        Quantity("events", "events_52w", hue=310, decimals=1),
        Quantity("effort", "effort_minutes_12w", hue=195, decimals=0),
        Quantity("rate", "rate", hue=262, decimals=1),
        Quantity("trend", "trend_level", hue=140, decimals=0, levels=True),
    )
}

#: what the map of a plan shows, with class limits that mean the same in every week
PLAN_QUANTITIES = {
    one.key: one
    for one in (
        Quantity("chance", "chance", hue=262),
        Quantity("planned", "planned_minutes", hue=195, decimals=0),
    )
}
PLAN_BREAKS = {"chance": [0.10, 0.25, 0.50, 0.90], "planned": [1.0, 121.0, 241.0, 481.0]}


def class_key(quantity: Quantity, place: int) -> str:
    """Key of the name of a class: what the colour at this place of the ramp is called."""
    names = FALLS if quantity.two_sided else LEVELS if quantity.levels else CLASSES
    return names[place]


def oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """An OKLCH colour as sRGB bytes; chroma is lowered until the colour exists on a screen.

    Parameters
    ----------
    lightness : 0 to 1
    chroma : 0 for grey
    hue : degrees
    """
    for share in np.linspace(1, 0, 41):
        turn = np.deg2rad(hue)
        a, b = chroma * share * np.cos(turn), chroma * share * np.sin(turn)
        lms = (
            np.array(
                [
                    lightness + 0.3963377774 * a + 0.2158037573 * b,
                    lightness - 0.1055613458 * a - 0.0638541728 * b,
                    lightness - 0.0894841775 * a - 1.2914855480 * b,
                ]
            )
            ** 3
        )
        linear = (
            np.array(
                [
                    [4.0767416621, -3.3077115913, 0.2309699292],
                    [-1.2684380046, 2.6097574011, -0.3413193965],
                    [-0.0041960863, -0.7034186147, 1.7076147010],
                ]
            )
            @ lms
        )
        if (linear >= -1e-4).all() and (linear <= 1 + 1e-4).all():
            break
    linear = np.clip(linear, 0, 1)
    curve = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    red, green, blue = np.round(curve * 255).astype(int).tolist()
    return red, green, blue


def ramp(quantity: Quantity, dark: bool) -> list[Colour]:
    """The colours of all classes from least to most (two-sided: from fall over none to rise)."""
    if quantity.two_sided:
        faint, strong, chroma = (0.34, 0.78, 0.13) if dark else (0.95, 0.55, 0.14)
        half = (faint + strong) / 2
        return [
            oklch(strong, chroma, 240),
            oklch(half, chroma * 0.6, 240),
            oklch(faint, 0.005, 60),
            oklch(half, chroma * 0.6, quantity.hue),
            oklch(strong, chroma, quantity.hue),
        ]
    many = quantity.classes
    if quantity.turn != (0.0, 0.0):
        # light: sand to red to plum; dark: umber to red to yellow. The upper half is most vivid
        first, last = (0.30, 0.90) if dark else (0.96, 0.32)
        vivid = [0.03, 0.06, 0.095, 0.13, 0.16, 0.17, 0.17]
        if not dark:
            vivid = [0.03, 0.075, 0.12, 0.155, 0.17, 0.15, 0.11]
        begin = 20.0 if dark else 80.0
        hues = begin + quantity.turn[dark] * np.linspace(0, 1, many) ** (1.6 if dark else 1.0)
    else:
        # in the dark from nearly the ground's colour to the most vivid, never to the palest
        first, last = (0.30, 0.76) if dark else (0.95, 0.38)
        vivid = [0.03, 0.07, 0.11, 0.15, 0.19] if dark else [0.025, 0.075, 0.125, 0.15, 0.13]
        hues = np.full(many, quantity.hue)
    steps = np.linspace(first, last, many)
    return [
        oklch(float(li), ch, float(hue)) for li, ch, hue in zip(steps, vivid, hues, strict=True)
    ]


def find_breaks(quantity: Quantity, values: pd.Series) -> list[float]:
    """Limits between the classes, rounded to two digits, from all values of one assessment.

    Risk and counts are cut where the upper shares of `CLASS_TOPS` begin. Change is cut on both
    sides of zero at the 85th and 97th percentile of its size. Levels are their own.
    """
    if quantity.levels:
        return [1.0, 2.0, 3.0, 4.0]
    numbers = values.dropna().to_numpy(float)
    if quantity.two_sided:
        size = np.abs(numbers)
        near, far = (
            two_digits(float(np.quantile(size, q))) if len(size) else 0 for q in (0.85, 0.97)
        )
        near = max(near, 1e-6)
        far = max(far, near * 2)
        return [-far, -near, near, far]
    positive = numbers[numbers > 0]
    if not len(positive):
        return [float(place) for place in range(1, quantity.classes)]
    base = numbers if (numbers > 0).mean() > 0.5 else positive
    tops = reversed(CLASS_TOPS[-(quantity.classes - 1) :])
    limits = [two_digits(float(np.quantile(base, 1 - top))) for top in tops]
    limits[0] = max(limits[0], two_digits(float(positive.min())))
    for place in range(1, len(limits)):
        if limits[place] <= limits[place - 1]:
            limits[place] = two_digits(limits[place - 1] * 1.5)
    return limits


def classify(values: pd.Series, breaks: list[float]) -> np.ndarray:
    """Class of each value from 0 on; missing ones fall in the lowest (two-sided: the middle)."""
    neutral = 0.0 if breaks[0] < 0 else -np.inf
    numbers = values.fillna(neutral).to_numpy(float)
    return np.searchsorted(breaks, numbers, side="right")


def classify_shown(values: pd.Series, breaks: list[float]) -> np.ndarray:
    """The same, and the place behind the last class where it is missing: hidden is not low."""
    return np.where(values.isna(), len(breaks) + 1, classify(values, breaks))


def shown_ramp(quantity: Quantity, look: Palette) -> list[Colour]:
    """The ramp of a quantity, and behind it the colour of what is hidden or not known."""
    return [*ramp(quantity, look.dark), look.unknown]


def upon(fill: Colour) -> Colour:
    """Black or white, whichever is read better on a colour: a word, or dots of a watched cell."""
    return max(((15, 15, 18), (255, 255, 255)), key=lambda ink: contrast(ink, fill))


def two_digits(value: float) -> float:
    """Rounded to two significant digits, so that a legend reads 0.12 and not 0.1187."""
    return float(f"{value:.1e}") if np.isfinite(value) else 0.0


def hex_of(colour: Colour) -> str:
    """#rrggbb."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def contrast(one: Colour, other: Colour) -> float:
    """WCAG contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    share = np.array(colour) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])

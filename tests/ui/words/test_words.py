"""Every sentence is there twice, is used, and holds the same blanks in both languages."""

import re
from pathlib import Path
from string import Formatter

import pandas as pd
import pytest

from risk.emerging import CLASSES
from risk.reasons import REASONS
from ui import words
from ui.words import SENTENCES

HOUSE = Path(__file__).resolve().parents[3]
#: a file that says what the sentences are, and asks for none
CATALOGUE = re.compile(r"^[A-Z]+: dict\[str, tuple\[str, str\]\] = \{", re.M)
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in [
        HOUSE / "app.py",
        HOUSE / "joins" / "desks" / "papers.py",
        *sorted((HOUSE / "joins" / "http").glob("*.py")),
        *sorted((HOUSE / "joins" / "service").glob("*.py")),
        *sorted((HOUSE / "ui").rglob("*.py")),
    ]
    if not CATALOGUE.search(path.read_text(encoding="utf-8"))
)


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_a_sentence_is_complete_in_both_languages():
    faulty = [
        key
        for key, (indonesian, english) in SENTENCES.items()
        if not (indonesian.strip() and english.strip()) or blanks(indonesian) != blanks(english)
    ]
    assert len(SENTENCES) > 1_000 and not faulty


def test_every_sentence_is_used():
    literal = set(re.findall(r"""["']([a-z_]+\.[a-z_.]+)["']""", CODE))
    begun = set(re.findall(r'f"([a-z_]+\.(?:[a-z_]+\.)?(?:[a-z]+_)?)\{', CODE))
    lost = [k for k in SENTENCES if k not in literal and not any(k.startswith(b) for b in begun)]
    assert not lost


def test_every_key_in_the_code_has_a_sentence():
    asked = set(re.findall(r"""\bt\(\s*["']([^"'{]+)["']""", CODE))
    assert asked
    assert not asked - set(SENTENCES)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_of_the_model_has_words(reason):
    assert words.has(f"reason_name.{reason}")


@pytest.mark.parametrize("trend", [name for name in CLASSES if name.endswith("_hot")])
def test_every_emerging_hotspot_has_words(trend):
    assert words.has(f"trend.{trend}")


@pytest.mark.parametrize(
    ("value", "decimals", "indonesian", "english"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (0, 0, "0", "0"),
        (-0.04, 1, "0,0", "0.0"),
        (2451, 0, "2.451", "2,451"),
        (None, 0, "–", "–"),
        (float("nan"), 2, "–", "–"),
    ],
)
def test_numbers_follow_the_language(value, decimals, indonesian, english):
    assert words.number(value, "id", decimals) == indonesian
    assert words.number(value, "en", decimals) == english


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (31.2, "31"),
        (4.21, "4,2"),
        (0.312, "0,31"),
        (0.0123, "0,012"),
        (0.0004, "< 0,001"),
        (0, "0"),
    ],
)
def test_expected_numbers_keep_the_digits_they_deserve(value, told):
    assert words.expected(value, "id") == told


def test_a_change_carries_its_sign_and_a_tiny_one_none():
    assert words.signed(0.31, "id") == "+0,31"
    assert words.signed(-4.2, "en") == "−4.2"
    assert words.signed(0.0002, "id") == "≈ 0"


def test_dates_are_local():
    late = pd.Timestamp("2025-11-16 18:30", tz="UTC")
    assert words.date(late, "id") == "17 Nov 2025"
    assert words.moment(late, "id") == "17 Nov 2025, 01.30 WIB"
    assert words.moment(late, "en") == "17 Nov 2025, 01:30 WIB"
    assert words.short_date("2025-05-05", "id") == "5 Mei 2025"
    assert words.date(pd.NaT, "id") == "–"


def test_a_share_is_never_rounded_to_nothing_or_all():
    assert [words.percent(x, "id") for x in (0, 0.001, 0.425, 0.999, 1)] == [
        "0", "< 1", "42", "> 99", "100",
    ]  # fmt: skip


def test_a_percent_sign_stands_as_the_language_writes_it():
    assert words.with_sign(words.percent(0.93, "id"), "id") == "93 %"
    assert words.with_sign(words.percent(0.93, "en"), "en") == "93%"


@pytest.mark.parametrize(("first", "last", "told"), [
    ("2026-11-23", "2026-11-29", "23–29 Nov 2026"),
    ("2026-11-30", "2026-12-06", "30 Nov – 6 Des 2026"),
    ("2026-12-28", "2027-01-03", "28 Des 2026 – 3 Jan 2027"),
])  # fmt: skip
def test_days_from_one_to_another(first, last, told):
    assert words.span(pd.Timestamp(first), pd.Timestamp(last), "id") == told


def test_a_forecast_is_for_the_days_that_it_was_computed_for():
    """Those after the last data only where no week without data lies between."""
    first, last = words.forecast_days({"cutoff": "2026-11-22"}, 4)
    assert (f"{first:%a %d %b}", f"{last:%a %d %b}") == ("Mon 23 Nov", "Sun 20 Dec")
    first, last = words.forecast_days({"cutoff": "2026-11-22", "week": "2026-11-30"}, 1)
    assert (f"{first:%a %d %b}", f"{last:%a %d %b}") == ("Mon 30 Nov", "Sun 06 Dec")


#: what a border sergeant does not say: greedy person, lottery, "solver"
STIFF = re.compile(
    r"\b(serakah|pemecah|undian|diundi|dari batas(?! negara))\b|\bsolver\b|\bgreedy\b", re.I
)


def test_no_sentence_uses_a_word_that_reads_badly():
    assert STIFF.search("rencana serakah")
    assert not [key for key, texts in SENTENCES.items() if any(map(STIFF.search, texts))]


def test_titik_rawan_is_a_cell_and_nothing_else():
    """Sectors and files bear other names: whoever counts them in one breath confuses them."""
    for key in ("map.alt", "brief.title", "list.title", "list.more", "monday.new"):
        for text in SENTENCES[key]:
            assert not re.search(r"titik rawan|hotspot", text, re.I), key


def test_the_glossary_and_the_help_page_say_the_same_words():
    glossary = (HOUSE / "docs" / "glossary.md").read_text(encoding="utf-8").lower()
    rows = [line.split("|")[1:3] for line in glossary.splitlines() if line.startswith("| ")]
    known = [(one.strip(), [word.strip() for word in two.split(",")]) for one, two in rows]
    pairs = zip(*(re.findall(r"\*\*(.+?)\*\*", text) for text in SENTENCES["help.terms_text"]),
                strict=True)  # fmt: skip
    lost = [
        (one, two) for one, two in pairs
        if not any(mine in one.lower() and any(word in two.lower() for word in theirs)
                   for mine, theirs in known)
    ]  # fmt: skip
    assert lost == []

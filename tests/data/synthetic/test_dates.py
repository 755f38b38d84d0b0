"""Dates in many ways of writing, read again by a reader of the tests' own."""

import datetime
import re

import pytest

from rnnzoo.data.synthetic.dates import MOST, synthetic_dates

MONTHS = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
NUMBERS = {
    "oh": 0, "hundred": 0, "one": 1, "first": 1, "two": 2, "second": 2, "three": 3,
    "third": 3, "four": 4, "five": 5, "fifth": 5, "six": 6, "seven": 7, "eight": 8,
    "eighth": 8, "nine": 9, "ninth": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "twelfth": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "twentieth": 20,
    "thirty": 30, "thirtieth": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip


def number(word):
    """Of digits or of a word, with a hyphen or without, ordinal or not."""
    if word.isdigit():
        return int(word)
    parts = (NUMBERS.get(p) or NUMBERS[p.removesuffix("th")] for p in word.split("-"))
    return sum(parts)


def read(text):
    """The date of a text with one."""
    if found := re.fullmatch(r"(\d+)[/.](\d+)[/.](\d{4})", text):
        day, month, year = map(int, found.groups())
        return datetime.date(year, month, day)
    words = re.findall(r"[a-z-]+|\d+", text.lower())
    words = [w for w in words if w not in ("the", "of", "and", "st", "nd", "rd", "th")]
    if words[0].endswith("day"):
        words = words[1:]
    (month,) = (i for i, word in enumerate(words) if word[:3] in MONTHS)
    day, *year = words[:month] + words[month + 1 :]
    if year[1:2] == ["thousand"]:
        year = 1000 * number(year[0]) + sum(map(number, year[2:]))
    elif len(year) == 1:
        year = number(year[0])
    else:
        year = 100 * number(year[0]) + sum(map(number, year[1:]))
    return datetime.date(year, MONTHS.index(words[month][:3]) + 1, number(day))


@pytest.fixture(scope="module")
def pairs():
    return synthetic_dates(5000, seed=3)


def test_a_reader_reads_what_was_written(pairs):
    alone = [(text, dates) for text, dates in pairs if " " not in dates]
    assert len(alone) > 800
    for text, date in alone:
        assert read(text).isoformat() == date, text


def test_several_dates_are_those_alone_side_by_side(pairs):
    """Parted where a text is joined, each part is a date, in its order."""
    joints = re.compile(r"; |, then | or ")
    checked = 0
    for text, dates in pairs:
        parts = joints.split(text)
        if len(parts) == len(dates.split()):
            assert [read(part).isoformat() for part in parts] == dates.split(), text
            checked += 1
    assert checked > 1500


def test_one_to_five_dates(pairs):
    counts = {len(dates.split()) for _, dates in pairs}
    assert counts == set(range(1, MOST + 1))


def test_seeded():
    assert synthetic_dates(3, seed=1) == synthetic_dates(3, seed=1)
    assert synthetic_dates(3, seed=1) != synthetic_dates(3, seed=2)

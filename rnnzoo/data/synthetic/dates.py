"""Synthetic texts with dates in many formats, and the same dates in ISO 8601."""

import datetime
import random

from rnnzoo.data.synthetic.reviews import DAYS

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
    "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = (
    "zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty",
    "ninety",
)  # fmt: skip
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth",
    "eight": "eighth", "nine": "ninth", "twelve": "twelfth", "twenty": "twentieth",
    "thirty": "thirtieth",
}  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip
_FORMATS = (
    "{day} {month} {year}",
    "{month} {day}, {year}",
    "{day_th} {short}. {year}",
    "{weekday}, {day} {short} {year}",
    "the {day_word} of {month} {year}",
    "{month} the {day_word}, {year_words}",
    "the {day_th} of {month}, {year_words}",
    "{day:02}/{number:02}/{year}",
    "{day}.{number}.{year}",
    "{weekday} the {day_word} of {month} {year_words}",
)
_JOINTS = (", ", " and ", "; ", ", then ", " or ")
_FIRST, _LAST = datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)
MOST = 5


def synthetic_dates(count: int, seed: int) -> list[tuple[str, str]]:
    """Returns texts of one to five dates, each with the dates in ISO 8601.

    A model that encodes the text in one vector has to remember up to forty digits.

    Args:
        count: Number of pairs.
        seed: Seed of the generator.

    >>> synthetic_dates(1, seed=2)
    [('November 13, 1932', '1932-11-13')]
    """
    generator = random.Random(seed)
    days = (_LAST - _FIRST).days + 1
    pairs = []
    for _ in range(count):
        dates = [
            _FIRST + datetime.timedelta(generator.randrange(days))
            for _ in range(generator.randint(1, MOST))
        ]
        text = ""
        for date in dates:
            text += generator.choice(_JOINTS) if text else ""
            text += _format(date, generator.choice(_FORMATS))
        pairs.append((text, " ".join(date.isoformat() for date in dates)))
    return pairs


def _format(date, pattern):
    return pattern.format(
        day=date.day,
        day_th=f"{date.day}{_suffix(date.day)}",
        day_word=_ordinal(_words(date.day)),
        month=_MONTHS[date.month - 1],
        short=_MONTHS[date.month - 1][:3],
        number=date.month,
        weekday=DAYS[date.weekday()],
        year=date.year,
        year_words=_year(date.year),
    )


def _words(number):
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")


def _ordinal(words):
    *before, last = words.split("-")
    return "-".join([*before, _ORDINALS.get(last, f"{last}th")])


def _suffix(day):
    if day in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _year(year):
    """Returns "nineteen oh five" for 1905, and "two thousand and five" for 2005."""
    hundreds, rest = divmod(year, 100)
    if year in range(2000, 2010):
        return "two thousand" + (f" and {_words(rest)}" if rest else "")
    if rest == 0:
        return f"{_words(hundreds)} hundred"
    return f"{_words(hundreds)} {f'oh {_words(rest)}' if rest < 10 else _words(rest)}"

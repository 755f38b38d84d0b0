"""Synthetic sentences in which only what stands around a name tells what it names."""

import random

NAMES = (
    "Alder", "Barrow", "Carver", "Dalton", "Easton", "Fairfax", "Garland", "Hadley",
    "Ingram", "Jordan", "Kendall", "Lincoln", "Madison", "Nelson", "Orwell", "Preston",
    "Quincy", "Raleigh", "Sheldon", "Trenton", "Upton", "Vernon", "Weston", "York",
)  # fmt: skip
# The clue stands before the name or after it; what stands on the other side is the same
# for all kinds.
TEMPLATES = {
    "PER": (
        "{name} , who was born in {year} , never came back .",
        "{name} said that it would {weather} .",
        "{name} forgot {poss} umbrella on {day} .",
        "the {job} {name} was in the news on {day} .",
        "on {day} we saw Mrs {name} .",
        "it was {year} when Professor {name} was last heard of .",
    ),
    "ORG": (
        "{name} , which was founded in {year} , never paid a dividend .",
        "{name} shares fell on {day} .",
        "{name} hired {number} clerks in {year} .",
        "the {trade} company {name} was in the news on {day} .",
        "on {day} they bought shares of {name} .",
        "it was {year} when the managing director of {name} was last heard of .",
    ),
    "LOC": (
        "{name} , where it tends to {weather} , never grew much .",
        "{name} has {number} inhabitants .",
        "{name} lies {number} miles from here .",
        "the small town of {name} was in the news on {day} .",
        "on {day} we drove to {name} .",
        "it was {year} when the bridge at {name} was last heard of .",
    ),
}
WORDS = {
    "weather": ("rain", "snow", "storm"),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "job": ("singer", "painter", "surgeon", "pilot"),
    "trade": ("paper", "shipping", "steel", "textile"),
    "poss": ("her", "his"),
}


def synthetic_names(count: int, seed: int) -> list[tuple[list[str], list[str]]]:
    """Makes synthetic sentences with one name each, of one or two words.

    Any name may be a person (PER), an organisation (ORG) or a place (LOC), each as
    often. What it is stands before it in half of the sentences and after it in the
    others, so that a model which reads in one direction cannot know.

    Args:
        count: number of sentences.
        seed: seed of the generator; the same seed gives the same sentences.

    Returns:
        For each its words and their tags, in the scheme IOB2.

    >>> words, tags = synthetic_names(1, seed=3)[0]
    >>> " ".join(words)
    'it was 1974 when Professor Preston was last heard of .'
    >>> " ".join(tags)
    'O O O O O B-PER O O O O O'
    """
    rng = random.Random(seed)
    kinds = list(TEMPLATES)
    return [_sentence(rng, kinds[i % len(kinds)]) for i in range(count)]


def _sentence(rng: random.Random, kind: str) -> tuple[list[str], list[str]]:
    filled = {name: rng.choice(words) for name, words in WORDS.items()}
    template = rng.choice(TEMPLATES[kind]).format(
        name="{name}", year=rng.randint(1900, 1999), number=rng.randint(2, 99), **filled
    )
    before, after = (part.split() for part in template.split("{name}"))
    name = rng.sample(NAMES, rng.randint(1, 2))
    tags = [f"B-{kind}", f"I-{kind}"][: len(name)]
    return (
        [*before, *name, *after],
        ["O"] * len(before) + tags + ["O"] * len(after),
    )

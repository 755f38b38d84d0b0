"""Synthetic sentences in which only the context tells the kind of a name."""

import random

NAMES = (
    "Alder", "Barrow", "Carver", "Dalton", "Easton", "Fairfax", "Garland", "Hadley",
    "Ingram", "Jordan", "Kendall", "Lincoln", "Madison", "Nelson", "Orwell", "Preston",
    "Quincy", "Raleigh", "Sheldon", "Trenton", "Upton", "Vernon", "Weston", "York",
)  # fmt: skip
# The clue is before or after the name. The text on the other side is the same for all
# kinds.
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
    """Returns sentences with one name of one or two words each.

    Every name may be a person (PER), an organisation (ORG) or a place (LOC), equally
    often. Its kind follows from the words before it in half of the sentences, and from
    those after it in the others, so that a model of one direction cannot know it.

    Args:
        count: Number of sentences.
        seed: Seed of the generator.

    Returns:
        Words and IOB2 tags of each sentence.

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
    return [*before, *name, *after], ["O"] * len(before) + tags + ["O"] * len(after)

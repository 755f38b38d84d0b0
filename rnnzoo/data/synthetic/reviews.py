"""Synthetic film reviews in which only the order of the words tells the verdict."""

import random

GOOD = (
    "brilliant", "charming", "clever", "delightful", "funny", "gripping", "lovely",
    "moving", "original", "superb", "touching", "witty",
)  # fmt: skip
BAD = (
    "awful", "boring", "clumsy", "dreadful", "dull", "flat", "lifeless", "messy",
    "predictable", "shallow", "silly", "tedious",
)  # fmt: skip
# {y} is the verdict; {x}, of the opposite kind, is somebody else's, or negated.
VERDICTS = (
    "I expected something {x}, but it was {y}.",
    "I found it {y}, though I had expected something {x}.",
    "The book is {x}; the film is {y}.",
    "The film is {y}; the book was {x}.",
    "At first it seemed {x}, in the end it was {y}.",
    "It was {y} in the end, however {x} it seemed at first.",
    "My {friend} called it {x}, I call it {y}.",
    "I call it {y}, whatever my {friend} said of {x} scenes.",
    "It is not {x} but {y}.",
    "It is {y}, not {x}.",
    "Far from {x}, it is {y} from start to finish.",
    "What a {y} film, where others of its kind are {x}!",
)
FRIENDS = ("brother", "colleague", "father", "mother", "neighbour", "sister", "teacher")
ASIDES = (
    "We saw it on a {day}.",
    "The {part} takes {number} minutes.",
    "It was shown in {number} countries.",
    "I sat in row {number} with my {friend}.",
    "The {part} was made in {number} weeks.",
    "Some called the {part} {good}, others called it {bad}.",
    "There was a queue of {number} people on {day}.",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PARTS = ("ending", "first act", "music", "opening", "script", "second act", "trailer")


def synthetic_reviews(count: int, seed: int) -> tuple[list[str], list[int]]:
    """Returns reviews and their labels, half of them positive.

    Every review has as many good words as bad ones, and is as likely as the one with
    both swapped and the other verdict, so that words without their order tell nothing.

    Args:
        count: Number of reviews.
        seed: Seed of the generator.

    Returns:
        Texts, and their labels: 0 negative, 1 positive.

    >>> texts, labels = synthetic_reviews(2, seed=1)
    >>> labels
    [0, 1]
    """
    rng = random.Random(seed)
    labels = [i % 2 for i in range(count)]
    return [_review(rng, positive=bool(label)) for label in labels], labels


def _review(rng: random.Random, positive: bool) -> str:
    good, bad = rng.choice(GOOD), rng.choice(BAD)
    y, x = (good, bad) if positive else (bad, good)
    sentences = [_fill(rng, rng.choice(ASIDES)) for _ in range(rng.randint(0, 3))]
    verdict = _fill(rng, rng.choice(VERDICTS), x=x, y=y)
    sentences.insert(rng.randint(0, len(sentences)), verdict)
    return " ".join(sentences)


def _fill(rng: random.Random, template: str, **words: str) -> str:
    return template.format(
        friend=rng.choice(FRIENDS),
        day=rng.choice(DAYS),
        part=rng.choice(PARTS),
        number=rng.randint(2, 90),
        good=rng.choice(GOOD),
        bad=rng.choice(BAD),
        **words,
    )

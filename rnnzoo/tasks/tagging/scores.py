"""The metrics of a tagger on sentences, and what it has to beat."""

from collections.abc import Mapping, Sequence

from rnnzoo.metrics.tags import ALL, span_scores, token_accuracy
from rnnzoo.spans import are_spans, spans
from rnnzoo.tasks.tagging.sentences import Sentence, most_frequent_tags


def headline(tags: Sequence[str]) -> str:
    """Returns the headline metric: "f1" where the tags mark spans, else "accuracy".

    >>> headline(["O", "B-LOC", "I-LOC"]), headline(["NOUN", "VERB"])
    ('f1', 'accuracy')
    """
    return "f1" if are_spans(tags) else "accuracy"


def measure_sentences(
    sentences: Sequence[Sentence], answers: Sequence[Mapping], first: str
) -> dict[str, float]:
    """Returns shares of words, spans, sentences and intents that are right.

    Args:
        sentences: Tagged sentences.
        answers: Decoded answers, one for each.
        first: The headline metric, "f1" or "accuracy"; F1 is measured for "f1" only.
    """
    truth = [sentence.tags for sentence in sentences]
    answered = [answer["tags"] for answer in answers]
    scores = {"accuracy": token_accuracy(truth, answered)}
    if first == "f1":
        scores = {"f1": span_scores(truth, answered)[ALL].f1, **scores}
    right = [true == tags for true, tags in zip(truth, answered, strict=True)]
    if "intent" in answers[0]:
        pairs = zip(sentences, answers, strict=True)
        intents = [sentence.intent == answer["intent"] for sentence, answer in pairs]
        scores["intent_accuracy"] = sum(intents) / len(intents)
        right = list(map(all, zip(right, intents, strict=True)))
    scores["whole_sentences"] = sum(right) / len(right)
    return {name: round(value, 4) for name, value in scores.items()}


def describe_sentences(
    train: Sequence[Sentence],
    test: Sequence[Sentence],
    answers: Sequence[Mapping],
    first: str,
) -> dict[str, float | None]:
    """Returns the accuracy on unseen words, and the score of the most frequent tags.

    Args:
        train: Sentences of the training split.
        test: Sentences of the test split.
        answers: Decoded answers to these.
        first: The headline metric, "f1" or "accuracy", of the most frequent tags.
    """
    tokens = [sentence.tokens for sentence in test]
    truth = [sentence.tags for sentence in test]
    seen = {token for sentence in train for token in sentence.tokens}
    unseen = None
    if any(token not in seen for row in tokens for token in row):
        answered = [answer["tags"] for answer in answers]
        unseen = round(token_accuracy(truth, answered, tokens, seen), 4)
    frequent = most_frequent_tags(train, tokens)
    if first == "f1":
        score = span_scores(truth, frequent)[ALL].f1
    else:
        score = token_accuracy(truth, frequent)
    return {"unseen_words": unseen, "frequent_tags": round(score, 4)}


def check_spans(split: str, sentences: Sequence[Sentence]) -> None:
    """Raises a ValueError for tags that mark no span, which training did not see."""
    for number, sentence in enumerate(sentences):
        try:
            spans(sentence.tags)
        except ValueError as error:
            raise ValueError(f"{split}, sentence {number}: {error}") from None

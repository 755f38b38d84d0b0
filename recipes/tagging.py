"""Trains a tagger of words, measures it, and exports it for TensorFlow Serving.

    python recipes/tagging.py                                          # synthetic data
    python recipes/tagging.py --dataset universal_dependencies/en_ewt --tags upos
    python recipes/tagging.py --dataset atis --recipe tagging_char_bilstm_crf --intent
    python recipes/tagging.py --train-file train.conll --test-file test.conll --column 3

After an interruption, the same command goes on where it was.
"""

import argparse
import shutil
import sys
from pathlib import Path

import keras

from rnnzoo.metrics.tags import (
    ALL,
    aligned,
    score_table,
    span_scores,
    tag_scores,
    token_accuracy,
)
from rnnzoo.plots import (
    check_plotting,
    confusion_matrix,
    draw_confusion_matrix,
    draw_learning_curves,
)
from rnnzoo.recipes import build_recipe
from rnnzoo.spans import are_spans, spans
from rnnzoo.tasks.tagging.data import TaggedTexts, load_tagged_files, load_tagged_texts
from rnnzoo.tasks.tagging.model import Tagger
from rnnzoo.tasks.tagging.recipes import tagging
from rnnzoo.tasks.tagging.sentences import Sentence, most_frequent_tags, read_sentences
from rnnzoo.training.fit import finish
from rnnzoo.training.runner import (
    cost,
    parse_script,
    publish,
    run_script,
    script_parser,
    tell_where,
    train,
)

SETTINGS = {
    "batch_size": int,
    "units": int,
    "num_layers": int,
    "constrained": bool,
    "intent": bool,
    "embedding_dim": int,
    "word_length": int,
    "character_dim": int,
    "character_units": int,
    "word_dropout": float,
    "embedding_dropout": float,
    "dropout": float,
    "vocabulary_size": int,
    "max_length": int,
    "learning_rate": float,
}
FIGURES = ("accuracy", "unseen_words", "whole_sentences", "intent_accuracy")
SHOWN = 3  # sentences printed at the end
DRAWN = 20  # tags in the confusion picture


def main(argv: list[str] | None = None) -> dict:
    """Load, build, train, measure, export; returns what was measured."""
    argv = sys.argv[1:] if argv is None else argv
    arguments, settings = parse(argv)
    output = Path(arguments.output)

    # === Load and build ===
    check_plotting()
    data = load(arguments)
    if settings.get("intent") and len(data.train.element_spec) < 3:
        raise ValueError(
            f"The sentences of {data.name} have no intents: leave out --intent, or "
            "take atis or snips."
        )
    model = build_recipe(arguments.recipe, **settings)
    if arguments.dry_run:
        data = data.take(3 * model.batch_size)
        finish(output)
    learned, chosen, test = (
        read_sentences(part, model.intent)
        for part in (data.train, data.validation, data.test)
    )

    # === Train; the best epoch is that of the best answers, not of the lowest loss ===
    print(f"\n{arguments.recipe} on {data.name}")
    keras.utils.set_random_seed(arguments.seed)
    model.adapt(data.train, arguments.word_vectors)
    seen = {token for sentence in learned for token in sentence.tokens}
    figure = figure_for(model.lexicon.tags)
    if figure == "f1":
        check_spans(data.test_split, test)
        check_spans("validation", chosen)
    monitor = "whole_sentences" if model.intent else figure

    def validate() -> dict[str, float]:
        found = measure(chosen, answer(model, chosen), seen, figure)
        return {f"val_{name}": found[name] for name in (figure, monitor)}

    log = train(
        model,
        data,
        arguments,
        output,
        monitor=f"val_{monitor}",
        mode="max",
        measure=validate,
    )

    # === Measure ===
    answers = answer(model, test)
    measured = measure(test, answers, seen, figure)
    metrics = {
        "recipe": arguments.recipe,
        "dataset": f"{data.name} {data.version}",
        "split": f"{data.test_split} ({len(test)} sentences)",
        "metric": figure,
        "value": measured[figure],
        **{name: measured.get(name) for name in FIGURES},
        "frequent_tags": baseline(learned, test, figure),
        **cost(model, log, arguments, "tagging", argv),
    }

    # === Export ===
    path = publish(model, metrics, data, arguments, output)

    # === Report ===
    title = f"{arguments.recipe} on {data.name}"
    draw(log, monitor, test, answers, output, title)
    finish(output)
    report(metrics, test, answers, output)
    tell_where(output, path, " ".join(test[0].tokens))
    return metrics


def load(arguments: argparse.Namespace) -> TaggedTexts:
    """The data set by its name, or the user's files."""
    if arguments.train_file is None:
        return load_tagged_texts(arguments.dataset, arguments.tags)
    return load_tagged_files(
        arguments.train_file,
        arguments.test_file,
        arguments.validation_file,
        -1 if arguments.column is None else arguments.column,
        arguments.token_column or 0,
    )


def figure_for(tags: list[str]) -> str:
    """F1 of spans where the tags tell spans; says so if only some of them do."""
    if are_spans(tags):
        return "f1"
    others = [tag for tag in tags if tag != "O" and not are_spans([tag])]
    if len(others) < len(set(tags) - {"O"}):
        print(f"No spans are scored, only words: {others} mark none.")
    return "accuracy"


def check_spans(split: str, sentences: list[Sentence]) -> None:
    """Finds tags that training did not see, and that tell no span, beforehand."""
    for number, sentence in enumerate(sentences):
        try:
            spans(sentence.tags)
        except ValueError as error:
            raise ValueError(f"{split}, sentence {number}: {error}") from None


def answer(model: Tagger, sentences: list[Sentence]) -> list[dict]:
    """What the model says of each sentence."""
    return model.predict_tokens([sentence.tokens for sentence in sentences])


def measure(
    sentences: list[Sentence], found: list[dict], seen: set[str], figure: str
) -> dict[str, float]:
    """Shares of words, spans, sentences and intents that are right."""
    tokens = [sentence.tokens for sentence in sentences]
    truth = [sentence.tags for sentence in sentences]
    answers = [each["tags"] for each in found]
    measured = {"accuracy": token_accuracy(truth, answers)}
    if any(token not in seen for row in tokens for token in row):
        measured["unseen_words"] = token_accuracy(truth, answers, tokens, seen)
    if figure == "f1":
        measured["f1"] = span_scores(truth, answers)[ALL].f1
    right = [true == tags for true, tags in zip(truth, answers, strict=True)]
    if "intent" in found[0]:
        pairs = zip(sentences, found, strict=True)
        intents = [sentence.intent == each["intent"] for sentence, each in pairs]
        measured["intent_accuracy"] = sum(intents) / len(intents)
        right = list(map(all, zip(right, intents, strict=True)))
    measured["whole_sentences"] = sum(right) / len(right)
    return {name: round(value, 4) for name, value in measured.items()}


def baseline(learned: list[Sentence], test: list[Sentence], figure: str) -> float:
    """The same figure for the most frequent tag of each word."""
    truth = [sentence.tags for sentence in test]
    answers = most_frequent_tags(learned, [sentence.tokens for sentence in test])
    if figure == "f1":
        return round(span_scores(truth, answers)[ALL].f1, 4)
    return round(token_accuracy(truth, answers), 4)


def draw(
    log: dict, monitor: str, test: list[Sentence], answers: list[dict], output: Path,
    title: str,
) -> None:  # fmt: skip
    """Learning curves, and which tag was taken for which, of the most frequent."""
    draw_learning_curves(log, output / "learning_curves.png", title, monitor)
    truth = [tag for sentence in test for tag in sentence.tags]
    answered = [tag for each in answers for tag in each["tags"]]
    # The most frequent ones by themselves, and one column for the others.
    names = list(tag_scores([truth], [answered]))[:-1]
    names = names if len(names) <= DRAWN else [*names[: DRAWN - 1], "other tags"]
    numbers = {name: number for number, name in enumerate(names)}
    rows = [
        [numbers.get(tag, len(names) - 1) for tag in tags] for tags in (truth, answered)
    ]
    counts = confusion_matrix(*rows, len(names))
    draw_confusion_matrix(counts, names, output / "confusion.png", title)


def report(
    metrics: dict, test: list[Sentence], answers: list[dict], output: Path
) -> None:
    """Prints scores, and a few sentences with their tags; stores those of each tag."""
    truth = [sentence.tags for sentence in test]
    answered = [each["tags"] for each in answers]
    tables = [score_table(tag_scores(truth, answered))]
    if metrics["metric"] == "f1":
        tables.insert(0, score_table(span_scores(truth, answered)))
    (output / "scores.txt").write_text("\n\n".join(tables) + "\n")
    print(f"\nTest on {metrics['dataset']}:\n{tables[0]}\n")
    figures = {metrics["metric"]: metrics["value"], **metrics}
    for name in ("f1", *FIGURES):
        if figures.get(name) is not None:
            print(f"  {name.replace('_', ' '):24} {figures[name]:.4f}")
    print(f"  {'most frequent tags':24} {metrics['frequent_tags']:.4f}")
    width = shutil.get_terminal_size().columns
    for sentence, answer in list(zip(test, answers, strict=True))[:SHOWN]:
        rows = {"": sentence.tokens, "tags": answer["tags"], "truth": sentence.tags}
        print(f"\n{aligned(rows, width)}")
        if "intent" in answer:
            print(f"intent  {answer['intent']}, in truth {sentence.intent}")


def parse(argv: list[str]) -> tuple[argparse.Namespace, dict]:
    """The arguments, and those of them that are settings of the model."""
    parser = script_parser(__doc__, "tagging", "tagging_bilstm_crf")
    add = parser.add_argument
    add("--tags", help="name of the data set's tags, where it has several")
    add("--train-file", help="a file of your own: a word a line, in columns")
    add("--validation-file", help="default: a twentieth of the training file")
    add("--test-file", help="needed with --train-file")
    add("--column", type=int, help="of the tag, from 0; by default the last")
    add("--token-column", type=int, help="of the word, by default 0")
    add("--word-vectors", help="text file of vectors to begin with, as GloVe's")
    data = ("train_file", "dataset")
    arguments, settings = parse_script(parser, argv, SETTINGS, (Tagger, tagging), data)
    if (arguments.train_file is None) != (arguments.test_file is None):
        parser.error("--train-file and --test-file go together")
    for name in ("validation_file", "column", "token_column"):
        if arguments.train_file is None and getattr(arguments, name) is not None:
            parser.error(f"--{name.replace('_', '-')} goes with --train-file")
    if arguments.train_file and arguments.dataset != parser.get_default("dataset"):
        parser.error("--dataset and --train-file do not go together")
    if arguments.train_file is not None and arguments.tags is not None:
        parser.error("--tags goes with --dataset; of a file, --column tells the tags")
    return arguments, settings


if __name__ == "__main__":
    run_script(main)

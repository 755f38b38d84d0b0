"""Trains a translator, measures it, and exports it for TensorFlow Serving.

    python recipes/translation.py                       # synthetic: dates to ISO 8601
    python recipes/translation.py --dataset multi30k --source en --target de --lowercase
    python recipes/translation.py --dataset tatoeba_en_fr --epochs 10
    python recipes/translation.py --train-files a.en a.de --test-files b.en b.de

After an interruption, the same command goes on where it was.
"""

import argparse
import sys
from pathlib import Path

import keras
import tensorflow as tf

from rnnzoo.metrics.texts import tokenized_bleu, translation_scores
from rnnzoo.plots import (
    check_plotting,
    draw_attention,
    draw_by_length,
    draw_learning_curves,
)
from rnnzoo.recipes import build_recipe
from rnnzoo.tasks.translation.by_length import (
    read_by_length,
    score_by_length,
    store_by_length,
)
from rnnzoo.tasks.translation.data import (
    Translations,
    load_translation_files,
    load_translations,
)
from rnnzoo.tasks.translation.model import Translator
from rnnzoo.tasks.translation.recipes import translation
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
    "decoder_layers": int,
    "bidirectional": bool,
    "attention": str,
    "conditional": bool,
    "embedding_dim": int,
    "tie_embeddings": bool,
    "share_embeddings": bool,
    "embedding_dropout": float,
    "dropout": float,
    "label_smoothing": float,
    "scheduled_sampling": float,
    "sampling_steps": int,
    "vocabulary": str,
    "joint_vocabulary": bool,
    "vocabulary_size": int,
    "lowercase": bool,
    "beam_size": int,
    "length_penalty": float,
    "coverage_penalty": float,
    "steps_per_token": int,
    "max_length": int,
    "longest_source": int,
    "learning_rate": float,
}
FIGURES = {"bleu": "BLEU", "exact_match": "exact match"}  # that tell the best epoch
REPORTED = (
    *("bleu", "signature", "chrf", "chrf_signature", "exact_match", "greedy"),
    *("tokenized_bleu", "greedy_tokenized_bleu", "tokenized_signature"),
)
SHOWN = 3  # texts printed after every epoch, and whose attention is drawn
DRAWN = 10  # words that these have at most, if some are so short


def main(argv: list[str] | None = None) -> dict:
    """Load, build, train, measure, export; returns what was measured."""
    argv = sys.argv[1:] if argv is None else argv
    arguments, settings = parse(argv)
    output = Path(arguments.output)

    # === Load and build ===
    check_plotting()
    data = load(arguments)
    check_scores(data)
    model = build_recipe(arguments.recipe, **settings)
    if arguments.dry_run:
        data = data.take(3 * model.batch_size)
        finish(output)
    chosen, chosen_references = read(data.validation, "validation")
    sources, references = read(data.test, data.test_split)
    split = f"{data.test_split} ({len(sources)} texts)"
    others = read_others(arguments, data, split, model)

    # === Train; the best epoch is that of the best translations ===
    print(f"\n{arguments.recipe} on {data.name}, {data.source} to {data.target}")
    keras.utils.set_random_seed(arguments.seed)
    model.adapt(data.train)

    def validate() -> dict[str, float]:
        outputs = greedy(model, chosen)
        show(chosen, chosen_references, outputs)
        found = translation_scores(outputs, chosen_references, model.lowercase)
        return {f"val_{name}": found[name] for name in FIGURES}

    log = train(
        model,
        data,
        arguments,
        output,
        monitor=f"val_{arguments.figure}",
        mode="max",
        measure=validate,
    )

    # === Measure ===
    outputs, by_greedy = beam(model, sources), greedy(model, sources)
    measured = translation_scores(outputs, references, model.lowercase)
    of_greedy = translation_scores(by_greedy, references, model.lowercase)
    metrics = {
        "recipe": arguments.recipe,
        "dataset": title(data),
        "split": split,
        "metric": arguments.figure,
        "value": measured[arguments.figure],
        "greedy": of_greedy[arguments.figure],
        **measured,
        **published_setting(data, outputs, by_greedy, references),
        "beam_size": model.search.beam_size,
        **cost(model, log, arguments, "translation", argv),
    }

    # === Export ===
    path = publish(model, metrics, data, arguments, output)

    # === Report ===
    draw(model, log, sources, arguments, metrics)
    found = by_length(model, sources, outputs, references, arguments)
    draw_lengths({**others, arguments.recipe: found}, arguments, metrics)
    finish(output)
    print(f"\nTest on {metrics['dataset']}, beam of {model.search.beam_size}:")
    show(sources, references, outputs)
    report(metrics)
    tell_where(output, path, sources[0])
    return metrics


def load(arguments: argparse.Namespace) -> Translations:
    """The data set by its name, or the user's files."""
    if arguments.train_files is None:
        return load_translations(arguments.dataset, arguments.source, arguments.target)
    return load_translation_files(
        arguments.train_files, arguments.test_files, arguments.validation_files
    )


def read(dataset: tf.data.Dataset, split: str) -> tuple[list[str], list[str]]:
    """All sources, and their references.

    Raises:
        ValueError: if there are none.
    """
    columns = zip(*dataset.as_numpy_iterator(), strict=True)
    texts = [[text.decode() for text in column] for column in columns]
    if not texts:
        raise ValueError(
            f"There is no text with its translation in {split!r}: choose other "
            "languages (--source, --target), another data set or other files."
        )
    return texts[0], texts[1]


def title(data: Translations) -> str:
    """The data set with its version, and from what to what."""
    return f"{data.name} {data.version} {data.source}-{data.target}"


def greedy(model: Translator, sources: list[str]) -> list[str]:
    """The translations of the sources by greedy search."""
    return [each["translation"] for each in model.predict_text(sources)]


def beam(model: Translator, sources: list[str]) -> list[str]:
    """The best translations of the sources by beam search."""
    return [each["translations"][0] for each in model.predict_beam(sources)]


def published_setting(
    data: Translations, outputs: list[str], by_greedy: list[str], references: list[str]
) -> dict[str, float | str | None]:
    """BLEU as papers on Multi30k have it; of other data sets nothing."""
    names = "tokenized_bleu", "greedy_tokenized_bleu", "tokenized_signature"
    if data.name.split(":")[0] != "multi30k":  # Its version may stand behind.
        return dict.fromkeys(names)
    best, first = (
        tokenized_bleu(each, references, data.target) for each in (outputs, by_greedy)
    )
    values = round(best.value, 2), round(first.value, 2), best.signature
    return dict(zip(names, values, strict=True))


def check_scores(data: Translations) -> None:
    """What the figures need, such as sacreBLEU, is missed now, not after training."""
    translation_scores(["a"], ["a"], lowercase=False)
    published_setting(data, ["a"], ["a"], ["a"])


def show(sources: list[str], references: list[str], outputs: list[str]) -> None:
    """Prints a few sources with their references and outputs."""
    for texts in list(zip(sources, references, outputs, strict=True))[:SHOWN]:
        print()
        for name, text in zip(("source", "reference", "output"), texts, strict=True):
            print(f"  {name:10} {text}")


def draw(
    model: Translator, log: dict, sources: list[str],
    arguments: argparse.Namespace, metrics: dict,
) -> None:  # fmt: skip
    """Learning curves, and what attention read in a few sentences."""
    output = Path(arguments.output)
    title = f"{metrics['recipe']} on {metrics['dataset']}"
    draw_learning_curves(log, output / "learning_curves.png", title, arguments.figure)
    if model.attention is not None:
        # A long one would leave no room for the letters.
        short = [source for source in sources if 0 < len(source.split()) <= DRAWN]
        alignments = model.read_attention((short or sources)[:SHOWN])
        draw_attention(alignments, output / "attention.png", f"{title}, greedy search")


def by_length(
    model: Translator, sources: list[str], outputs: list[str], references: list[str],
    arguments: argparse.Namespace,
) -> dict[int, float]:  # fmt: skip
    """The figure by the source's length; written down for runs beside this one."""

    def score(*texts):
        return translation_scores(*texts, model.lowercase)[arguments.figure]

    found = score_by_length(score, sources, outputs, references)
    store_by_length(found, arguments.output)
    return found


def draw_lengths(
    lines: dict[str, dict[int, float]], arguments: argparse.Namespace, metrics: dict
) -> None:
    """The figure by the source's length, of this run and of those beside it."""
    name = FIGURES[arguments.figure]
    path = Path(arguments.output) / "by_length.png"
    draw_by_length(lines, path, f"{name} on {metrics['dataset']}", name)


def read_others(
    arguments: argparse.Namespace, data: Translations, split: str, model: Translator
) -> dict[str, dict[int, float]]:
    """The figures by length of the runs beside this one."""
    alike = {
        "metric": arguments.figure,
        "dataset": title(data),
        "split": split,
        "beam_size": model.search.beam_size,
        "signature": translation_scores(["a"], ["a"], model.lowercase)["signature"],
    }
    return read_by_length(arguments.beside or (), arguments.recipe, alike)


def report(metrics: dict) -> None:
    """Prints the figures, and how they were worked out."""
    print()
    names = {"greedy": f"greedy {metrics['metric']}"}
    for name in REPORTED:
        if metrics[name] is not None:
            print(f"  {names.get(name, name).replace('_', ' '):24} {metrics[name]}")


def parse(argv: list[str]) -> tuple[argparse.Namespace, dict]:
    """The arguments, and those of them that are settings of the model."""
    parser = script_parser(__doc__, "translation", "translation_gru_attention")
    add = parser.add_argument
    add("--source", help="language to translate from, where the data have several")
    add("--target", help="language to translate to")
    files = {"nargs": 2, "metavar": ("SOURCE", "TARGET")}
    add("--train-files", **files, help="two files of your own: a text a line")
    add("--validation-files", **files, help="default: a twentieth of the training's")
    add("--test-files", **files, help="needed with --train-files")
    chosen = "that tells the best epoch; default: bleu, of embedded dates exact_match"
    add("--figure", choices=FIGURES, help=chosen)
    add("--beside", nargs="*", help="finished runs to draw beside this one, by length")
    takes = "measure and export a finished run once more, into RUN-again"
    add("--trained", metavar="RUN", help=takes)
    parser.set_defaults(epochs=12, patience=10)
    data = ("train_files", "dataset")
    languages = ("source", "target")
    arguments, settings = parse_script(
        parser, argv, SETTINGS, (Translator, translation), data, languages
    )
    if (arguments.train_files is None) != (arguments.test_files is None):
        parser.error("--train-files and --test-files go together")
    if arguments.train_files is None and arguments.validation_files is not None:
        parser.error("--validation-files goes with --train-files")
    if arguments.train_files is not None and (arguments.source or arguments.target):
        parser.error("--source and --target go with --dataset")
    if arguments.train_files and arguments.dataset != parser.get_default("dataset"):
        parser.error("--dataset and --train-files do not go together")
    if arguments.figure is None:
        synthetic = arguments.train_files is None and arguments.dataset == "embedded"
        arguments.figure = "exact_match" if synthetic else "bleu"
    return arguments, settings


if __name__ == "__main__":
    run_script(main)

"""Trains a translator, measures it, and exports it for TensorFlow Serving.

    python recipes/translation.py                       # synthetic: dates to ISO 8601
    python recipes/translation.py --dataset multi30k --source en --target de
    python recipes/translation.py --dataset tatoeba_en_fr --epochs 10
    python recipes/translation.py --train-files a.en a.de --test-files b.en b.de

After an interruption, the same command goes on where it was.
"""

import argparse
import json
import sys
from pathlib import Path

import keras

from rnnzoo.datasets import Translations, load_translation_files, load_translations
from rnnzoo.models import Translator
from rnnzoo.recipes import build_recipe
from rnnzoo.reports import (
    bleu,
    bleu_by_length,
    check_plotting,
    chrf,
    draw_attention,
    draw_by_length,
    draw_learning_curves,
    exact_match,
    tokenized_bleu,
)
from rnnzoo.script import cost, parse_script, publish, run_script, script_parser, train
from rnnzoo.training import finish

SETTINGS = {
    "batch_size": int,
    "units": int,
    "num_layers": int,
    "decoder_layers": int,
    "bidirectional": bool,
    "attention": str,
    "embedding_dim": int,
    "tie_embeddings": bool,
    "embedding_dropout": float,
    "dropout": float,
    "label_smoothing": float,
    "scheduled_sampling": float,
    "vocabulary": str,
    "joint_vocabulary": bool,
    "vocabulary_size": int,
    "lowercase": bool,
    "beam_size": int,
    "length_penalty": float,
    "coverage_penalty": float,
    "max_length": int,
    "learning_rate": float,
}
SHOWN = 3  # texts printed after every epoch, and drawn
Pairs = list[tuple[str, str]]


def main(argv: list[str] | None = None) -> dict:
    """Load, build, train, measure, export; returns what was measured."""
    argv = sys.argv[1:] if argv is None else argv
    arguments, settings = parse(argv)
    output = Path(arguments.output)

    # === Load and build ===
    check_plotting()
    data = load(arguments)
    model = build_recipe(arguments.recipe, **settings)
    if arguments.dry_run:
        data = data.take(3 * model.batch_size)
        finish(output)
    chosen, test = read(data.validation), read(data.test)

    # === Train; the best epoch is that of the best translations ===
    print(f"\n{arguments.recipe} on {data.name}, {data.source} to {data.target}")
    keras.utils.set_random_seed(arguments.seed)
    model.adapt(data.train)

    def validate() -> dict[str, float]:
        outputs = greedy(model, chosen)
        show(chosen, outputs)
        found = measure(chosen, outputs, model.lowercase)
        return {f"val_{name}": found[name] for name in ("bleu", "exact_match")}

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
    outputs = beam(model, test)
    measured = measure(test, outputs, model.lowercase)
    by_greedy = greedy(model, test)
    metrics = {
        "recipe": arguments.recipe,
        "dataset": f"{data.name} {data.version} {data.source}-{data.target}",
        "split": f"{data.test_split} ({len(test)} texts)",
        "metric": arguments.figure,
        "value": measured[arguments.figure],
        "greedy": measure(test, by_greedy, model.lowercase)[arguments.figure],
        **measured,
        **published_setting(data, test, outputs, by_greedy),
        "beam_size": model.beam_size,
        **cost(model, log, arguments, "translation", argv),
    }

    # === Export ===
    path = publish(model, metrics, data, arguments, output)

    # === Report ===
    title = f"{arguments.recipe} on {data.name}"
    draw(model, log, test, outputs, arguments, title)
    finish(output)
    report(metrics, test, outputs)
    print(f"Figures and pictures are in {output}/, the SavedModel in {path}/")
    print(f'Ask it: python -m rnnzoo predict {path.parent} "{test[0][0]}"')
    return metrics


def load(arguments: argparse.Namespace) -> Translations:
    """The data set by its name, or the user's files."""
    if arguments.train_files is None:
        return load_translations(arguments.dataset, arguments.source, arguments.target)
    return load_translation_files(
        arguments.train_files, arguments.test_files, arguments.validation_files
    )


def read(dataset) -> Pairs:
    """All texts with their references."""
    return [tuple(map(bytes.decode, pair)) for pair in dataset.as_numpy_iterator()]


def greedy(model: Translator, pairs: Pairs) -> list[str]:
    """The translations of the sources by greedy search."""
    sources = [source for source, _ in pairs]
    return [each["translation"] for each in model.predict_text(sources)]


def beam(model: Translator, pairs: Pairs) -> list[str]:
    """The best translations of the sources by beam search."""
    sources = [source for source, _ in pairs]
    return [each["translations"][0] for each in model.predict_beam(sources)]


def measure(pairs: Pairs, outputs: list[str], lowercase: bool) -> dict:
    """BLEU and chrF, in percent, and the share of outputs that are the reference."""
    references = [reference for _, reference in pairs]
    if lowercase:
        references = [reference.lower() for reference in references]
    words = bleu(outputs, references)
    return {
        "bleu": round(words.value, 2),
        "chrf": round(chrf(outputs, references).value, 2),
        "exact_match": round(exact_match(outputs, references), 4),
        "signature": words.signature,
    }


def published_setting(
    data: Translations, test: Pairs, outputs: list[str], by_greedy: list[str]
) -> dict[str, float | None]:
    """BLEU as papers on Multi30k have it; of other data sets nothing."""
    references = [reference for _, reference in test]
    found = dict.fromkeys(["tokenized_bleu", "greedy_tokenized_bleu"])
    if data.name == "multi30k":
        for name, each in zip(found, (outputs, by_greedy), strict=True):
            score = tokenized_bleu(each, references, data.target)
            found[name] = round(score.value, 2)
    return found


def show(pairs: Pairs, outputs: list[str]) -> None:
    """Prints a few sources with their references and outputs."""
    for pair, text in list(zip(pairs, outputs, strict=True))[:SHOWN]:
        print(f"\n  source     {pair[0]}\n  reference  {pair[1]}\n  output     {text}")


def draw(
    model: Translator, log: dict, test: Pairs, outputs: list[str],
    arguments: argparse.Namespace, title: str,
) -> None:  # fmt: skip
    """Learning curves, what attention read, and BLEU by the length of the source."""
    output = Path(arguments.output)
    draw_learning_curves(log, output / "learning_curves.png", title, arguments.figure)
    sources, references = map(list, zip(*test, strict=True))
    if model.attention is not None:
        alignments = model.read_attention(sources[:SHOWN])
        draw_attention(alignments, output / "attention.png", title)
    found = bleu_by_length(sources, outputs, references)
    (output / "by_length.json").write_text(json.dumps(found) + "\n")
    lines = {arguments.recipe: found}
    for run in arguments.beside or ():
        recipe = json.loads((Path(run) / "metrics.json").read_text())["recipe"]
        of_other = json.loads((Path(run) / "by_length.json").read_text())
        lines[recipe] = {int(length): value for length, value in of_other.items()}
    draw_by_length(lines, output / "by_length.png", f"BLEU on {title}", "BLEU")


def report(metrics: dict, test: Pairs, outputs: list[str]) -> None:
    """Prints the figures, and a few translations."""
    print(f"\nTest on {metrics['dataset']}, beam of {metrics['beam_size']}:")
    show(test, outputs)
    print()
    for name in ("bleu", "chrf", "exact_match", "greedy", "tokenized_bleu"):
        if metrics[name] is not None:
            print(f"  {name.replace('_', ' '):24} {metrics[name]}")
    print(f"  {'signature':24} {metrics['signature']}")


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
    add("--figure", choices=("bleu", "exact_match"), help="that tells the best epoch")
    add("--beside", nargs="*", help="runs to draw the figures by length of, too")
    parser.set_defaults(patience=10)
    data = ("train_files", "dataset")
    arguments, settings = parse_script(parser, argv, SETTINGS, "Translator", data)
    if (arguments.train_files is None) != (arguments.test_files is None):
        parser.error("--train-files and --test-files go together")
    if arguments.train_files is None and arguments.validation_files is not None:
        parser.error("--validation-files goes with --train-files")
    if arguments.train_files is not None and (arguments.source or arguments.target):
        parser.error("--source and --target go with --dataset")
    if arguments.figure is None:
        synthetic = arguments.train_files is None and arguments.dataset == "embedded"
        arguments.figure = "exact_match" if synthetic else "bleu"
    return arguments, settings


if __name__ == "__main__":
    run_script(main)

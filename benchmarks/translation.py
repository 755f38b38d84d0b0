"""How long a translator takes for a sentence: exported, and stepped from Python.

    python benchmarks/translation.py runs/multi30k --threads 1

The model that a run left behind, such as that of the README on Multi30k, is exported.
Its graph is asked greedily and by a beam; a loop in Python calls the same decoder,
compiled, a token at a time, as tutorials do. They take turns, of some answers in a row:
the first of them finds in the caches what another way left there, and does not count.
A beam that is stepped has its bookkeeping in Python, an operation at a time.
"""

import argparse
import itertools
import shlex
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive
from rnnzoo.decoding import beam_search
from rnnzoo.tasks.translation.model import Translator
from rnnzoo.tasks.writer import best_texts
from rnnzoo.text import BEGIN, END
from rnnzoo.training.results import add_row, environment
from rnnzoo.training.runner import run_script

TURN = 5  # answers of a way in a row
KEY = ("run", "way", "beam_size", "words", "threads")  # of a measurement
SENTENCE = "A man in a blue shirt is riding his bike through town."


def main(argv: list[str] | None = None) -> list[dict]:
    """Prints a line for each way, and adds its row; returns the rows."""
    argv = sys.argv[1:] if argv is None else argv
    arguments = parse(argv)
    sentence = repeated(arguments.sentence, arguments.words)
    check_positive(rounds=arguments.rounds)
    if arguments.threads is not None:
        check_positive(threads=arguments.threads)
        tf.config.threading.set_intra_op_parallelism_threads(arguments.threads)
    about = {
        "run": Path(arguments.run).name,
        "words": len(sentence.split()),
        "threads": arguments.threads,
        **environment(),
        "command": shlex.join(["python", "benchmarks/translation.py", *argv]),
    }
    model = keras.models.load_model(Path(arguments.run) / "model.keras")
    model.set_search(beam_size=arguments.beam_size)
    with tempfile.TemporaryDirectory() as directory:
        path = model.export_saved_model(Path(directory) / "translator")
        exported = tf.saved_model.load(str(path)).signatures
        text = tf.constant([sentence])
        ways = {
            "greedy": lambda: exported["serving_default"](text=text)["translation"],
            "beam": lambda: exported["beam"](text=text)["translations"],
            "greedy, stepped from Python": stepped(model, text),
            "beam, stepped from Python": stepped_beam(model, text),
        }
        times = timed(ways, arguments.rounds)
    rows = []
    for way, found in times.items():
        row = {
            "way": way,
            "beam_size": arguments.beam_size if "beam" in way else 1,
            "min_ms": round(min(found), 2),
            "median_ms": round(statistics.median(found), 2),
            **about,
        }
        print(f"{way:30} {row['min_ms']:8.2f} ms, median {row['median_ms']:8.2f} ms")
        if arguments.results:
            add_row(arguments.results, row, key=KEY)
        rows.append(row)
    return rows


def repeated(sentence: str, words: int | None) -> str:
    """The sentence over and over, up to so many words; `None`: once.

    Raises:
        ValueError: if these are not positive.
    """
    given = sentence.split()
    words = len(given) if words is None else words
    check_positive(words=words)
    return " ".join(itertools.islice(itertools.cycle(given), words))


def stepped(model: Translator, text: tf.Tensor) -> Callable[[], tf.Tensor]:
    """Greedy search by a loop in Python over the compiled encoder and decoder."""
    limit = int(model.max_steps(model.to_inputs(text))[0])
    read = tf.function(lambda: model.network.read(model.to_inputs(text)))

    @tf.function
    def step(token, states, memory):
        output = model.network.step(memory)(token, states)
        return tf.argmax(output.logits, axis=-1, output_type=tf.int32), output.states

    def translate():
        memory = read()
        token, states, written = tf.constant([BEGIN]), memory.states, []
        while token.numpy()[0] != END and len(written) < limit:
            token, states = step(token, states, memory)
            written.append(token)
        return model.decode(tf.stack(written, axis=1))

    return translate


def stepped_beam(model: Translator, text: tf.Tensor) -> Callable[[], tf.Tensor]:
    """Beam search whose loop and bookkeeping run in Python, over the same two."""
    limits = model.max_steps(model.to_inputs(text))
    size, penalty = model.config.beam_size, model.config.length_penalty

    @tf.function
    def read():
        memory = model.network.read(model.to_inputs(text))
        return memory.states, memory.repeated(size)

    @tf.function
    def step(token, states, memory):
        return model.network.step(memory)(token, states)

    def translate():
        states, memory = read()
        written = beam_search(
            lambda token, states: step(token, states, memory),
            states,
            limits,
            beam_size=size,
            n_best=size,
            length_penalty=penalty,
        )
        texts, _ = best_texts(written, model.decode)
        return texts

    return translate


def timed(ways: dict[str, Callable], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of every answer but those of the first round, and a turn's first."""
    times = {way: [] for way in ways}
    for number in range(1 + rounds):
        for way, ask in ways.items():
            for answer in range(TURN):
                start = time.perf_counter()
                ask().numpy()
                if number and answer:
                    times[way].append(1000 * (time.perf_counter() - start))
    return times


def parse(argv: list[str]) -> argparse.Namespace:
    """The arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", help="folder that recipes/translation.py left behind")
    parser.add_argument("--sentence", default=SENTENCE)
    parser.add_argument(
        "--words",
        type=int,
        help="of the text: the sentence over and over; default: once",
    )
    parser.add_argument("--beam-size", type=int, default=4)
    parser.add_argument(
        "--threads",
        type=int,
        help="of one operation, TensorFlow's `intra_op`; default: one a core",
    )
    parser.add_argument("--rounds", type=int, default=10, help=f"of {TURN} answers")
    parser.add_argument("--results", help="CSV file to add the rows to")
    return parser.parse_args(argv)


if __name__ == "__main__":
    run_script(main)

"""The command line: `python -m rnnzoo`."""

import argparse
import itertools
import json
import os
import sys
from collections.abc import Iterator

_BATCH = 32


def main(argv: list[str] | None = None) -> int:
    """Runs a command; returns the exit status.

    Args:
        argv: the arguments; `None` for those of the process.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    commands = parser()
    arguments, left = commands.parse_known_args(argv)
    # Where an option parts the texts from the model, Python 3.11 leaves them over.
    if left and (arguments.run != _predict or any(t.startswith("-") for t in left)):
        commands.error(f"unrecognized arguments: {' '.join(left)}")
    elif left:
        arguments.texts += left
    try:
        arguments.run(arguments)
    except BrokenPipeError:
        # Whoever read the answers has enough of them; nothing is left to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130  # As a shell tells it.
    except (OSError, TypeError, ValueError) as error:
        commands.exit(2, f"{commands.prog}: error: {error}\n")
    return 0


def parser() -> argparse.ArgumentParser:
    """The commands, each with its arguments and, as `run`, its function."""
    parser = argparse.ArgumentParser(prog="python -m rnnzoo", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    predict = commands.add_parser("predict", help="ask an exported model")
    predict.add_argument("model", help="its directory: saved_models/sentiment_lstm")
    asked = "texts, or JSON for other inputs; default: lines of standard input"
    predict.add_argument("texts", nargs="*", help=asked)
    predict.add_argument(
        "--signature",
        default="serving_default",
        help="which answers, such as beam of a translator; default: %(default)s",
    )
    predict.set_defaults(run=_predict)
    serve = commands.add_parser("serve", help="serve exported models over HTTP")
    serve.add_argument("directory", help="of the models: saved_models")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8501, help="0: any that is free")
    serve.add_argument("--grpc-port", type=int, help="default: no gRPC")
    limits = serve.add_argument_group("limits of a request", "see deploy/README.md")
    limits.add_argument("--max-body", type=int, help="bytes")
    limits.add_argument("--max-batch", type=int, help="rows, also of a merged batch")
    limits.add_argument("--max-waiting", type=int, help="requests at the same time")
    limits.add_argument("--timeout", type=float, help="seconds")
    serve.set_defaults(run=_serve)
    train = commands.add_parser("train", help="train, measure and export a recipe")
    train.add_argument("recipe", help="one of `python -m rnnzoo list`")
    train.add_argument("rest", nargs=argparse.REMAINDER, help="see RECIPE --help")
    train.set_defaults(run=_train)
    listing = commands.add_parser("list", help="list the recipes")
    listing.add_argument("pattern", nargs="?", default="*", help='such as "*lstm*"')
    listing.set_defaults(run=_list)
    return parser


def _predict(arguments: argparse.Namespace) -> None:
    from rnnzoo.serving import ServedModel

    model = ServedModel(arguments.model, arguments.signature)
    only_text = len(model.inputs) == 1 and model.inputs[0].dtype.name == "string"
    only_text = only_text and len(model.inputs[0].shape) == 1
    rows = map(os.fsencode, arguments.texts) if arguments.texts else _lines()
    if not only_text:
        rows = map(_json_row, rows)
    while batch := list(itertools.islice(rows, _BATCH)):
        for row, answer in zip(batch, model.predict(batch), strict=True):
            if only_text:
                text = row.decode("utf-8", "replace")
                answer = {model.inputs[0].name: text, **answer}
            ascii_only = sys.stdout.encoding.lower() != "utf-8"
            print(json.dumps(answer, ensure_ascii=ascii_only))


def _json_row(text: bytes) -> object:
    try:
        return json.loads(text)
    except ValueError as error:
        raise ValueError(
            'Expected JSON for an input that is not a text, such as [1, 2] or {"name": '
            f"[1, 2]}}, got {text.decode('utf-8', 'replace')!r}: {error}."
        ) from None


def _train(arguments: argparse.Namespace) -> None:
    import rnnzoo.recipes  # noqa: F401  Enters the recipes.
    from rnnzoo.registry import find_recipe
    from rnnzoo.training.runner import Run, run_script, train_recipe

    def main():
        task = find_recipe(arguments.recipe).task
        about = f"Trains the recipe {arguments.recipe}, measures it, and exports it."
        command = f"python -m rnnzoo train {arguments.recipe}"
        run = Run(arguments.rest, task, arguments.recipe, about, command)
        train_recipe(run)

    run_script(main)


def _serve(arguments: argparse.Namespace) -> None:
    try:
        from rnnzoo.serving.limits import Limits
        from rnnzoo.serving.server import serve
    except ModuleNotFoundError as error:
        sys.exit(
            f"`serve` needs {error.name}, which is not installed: "
            "pip install 'rnnzoo[serve]'"
        )
    names = ("max_body", "max_batch", "max_waiting", "timeout")
    given = {name: getattr(arguments, name) for name in names}
    limits = Limits(**{k: v for k, v in given.items() if v is not None})
    serve(
        arguments.directory, arguments.host, arguments.port, arguments.grpc_port, limits
    )


def _lines() -> Iterator[bytes]:
    return (line.rstrip(b"\r\n") for line in sys.stdin.buffer)


def _list(arguments: argparse.Namespace) -> None:
    import rnnzoo

    for name in rnnzoo.list_recipes(arguments.pattern):
        print(name)


if __name__ == "__main__":
    sys.exit(main())

"""The command line: `python -m rnnzoo`."""

import argparse
import itertools
import json
import os
import sys

_BATCH = 32


def main(argv: list[str] | None = None) -> int:
    """Runs a command and returns the exit status.

    Args:
        argv: Arguments; `None` for those of the process.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    commands = parser()
    arguments, remaining = commands.parse_known_args(argv)
    # Python 3.11 does not parse texts that an option separates from the model.
    if remaining:
        if arguments.run != _predict or any(t.startswith("-") for t in remaining):
            commands.error(f"unrecognized arguments: {' '.join(remaining)}")
        arguments.texts += remaining
    try:
        arguments.run(arguments)
    except BrokenPipeError:
        # The reader, such as `head`, has closed the pipe. Flushing must not fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130  # The status that shells use for Ctrl-C.
    except (OSError, TypeError, ValueError) as error:
        commands.exit(2, f"{commands.prog}: error: {error}\n")
    return 0


def parser() -> argparse.ArgumentParser:
    """Returns the parser of all commands; `run` is the function of a command."""
    parser = argparse.ArgumentParser(prog="python -m rnnzoo", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    predict = commands.add_parser("predict", help="run an exported model")
    predict.add_argument("model", help="directory, such as saved_models/sentiment_lstm")
    texts = "texts, or JSON for other inputs; default: lines of standard input"
    predict.add_argument("texts", nargs="*", help=texts)
    signature = "signature to run, such as beam of a translator; default: %(default)s"
    predict.add_argument("--signature", default="serving_default", help=signature)
    predict.set_defaults(run=_predict)
    serve = commands.add_parser("serve", help="serve exported models over HTTP")
    serve.add_argument("directory", help="folder of models, such as saved_models")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8501, help="0 takes a free port")
    serve.add_argument("--grpc-port", type=int, help="default: no gRPC")
    limits = serve.add_argument_group("limits of a request", "see deploy/README.md")
    limits.add_argument("--max-body", type=int, help="bytes")
    limits.add_argument("--max-batch", type=int, help="rows, also in a merged batch")
    limits.add_argument("--max-waiting", type=int, help="requests at the same time")
    limits.add_argument("--timeout", type=float, help="seconds")
    serve.set_defaults(run=_serve)
    train = commands.add_parser("train", help="train, evaluate and export a recipe")
    train.add_argument("recipe", help="name from `python -m rnnzoo list`")
    train.add_argument("rest", nargs=argparse.REMAINDER, help="see RECIPE --help")
    train.set_defaults(run=_train)
    listing = commands.add_parser("list", help="list the recipes")
    listing.add_argument("pattern", nargs="?", default="*", help='such as "*lstm*"')
    listing.set_defaults(run=_list)
    return parser


def _predict(arguments: argparse.Namespace) -> None:
    from rnnzoo.serving import ServedModel

    model = ServedModel(arguments.model, arguments.signature)
    spec, *others = model.inputs
    takes_text = not others and spec.dtype.name == "string" and len(spec.shape) == 1
    if arguments.texts:
        rows = map(os.fsencode, arguments.texts)
    else:
        rows = (line.rstrip(b"\r\n") for line in sys.stdin.buffer)
    if not takes_text:
        rows = map(_json_row, rows)
    ascii_only = sys.stdout.encoding.lower() != "utf-8"
    while batch := list(itertools.islice(rows, _BATCH)):
        for row, answer in zip(batch, model.predict(batch), strict=True):
            if takes_text:
                answer = {spec.name: row.decode("utf-8", "replace"), **answer}
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
    import rnnzoo.recipes  # noqa: F401  Registers the recipes.
    from rnnzoo.registry import find_recipe
    from rnnzoo.training.runner import Run, run_script, train_recipe

    def main():
        task = find_recipe(arguments.recipe).task
        about = f"Trains, evaluates and exports the recipe {arguments.recipe}."
        command = f"python -m rnnzoo train {arguments.recipe}"
        train_recipe(Run(arguments.rest, task, arguments.recipe, about, command))

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
    options = {name: getattr(arguments, name) for name in names}
    limits = Limits(**{k: v for k, v in options.items() if v is not None})
    serve(
        arguments.directory, arguments.host, arguments.port, arguments.grpc_port, limits
    )


def _list(arguments: argparse.Namespace) -> None:
    import rnnzoo

    for name in rnnzoo.list_recipes(arguments.pattern):
        print(name)


if __name__ == "__main__":
    sys.exit(main())

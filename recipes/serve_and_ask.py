"""Serves an exported model locally and sends it requests over HTTP.

    python recipes/serve_and_ask.py saved_models/sentiment_lstm "A wonderful film."

`rnnzoo.serving.Client` works with TensorFlow Serving in the same way.
"""

import argparse
import json
import sys
from pathlib import Path

from rnnzoo.serving import Client, LocalServer


def main(directory: str, texts: list[str]) -> None:
    """Starts a local server on a free port, prints its answers, and stops it."""
    model = Path(directory).resolve().name
    with LocalServer(directory) as server, Client(server.rest, model) as client:
        print(f"http://{server.rest}/v1/models/{model} says:")
        for text, answer in zip(texts, client.predict(texts), strict=True):
            print(json.dumps({"text": text, **answer}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directory", help="model, as saved_models/sentiment_lstm")
    parser.add_argument("texts", nargs="+")
    arguments = parser.parse_args()
    try:
        main(arguments.directory, arguments.texts)
    except RuntimeError as error:
        sys.exit(f"error: {error}")

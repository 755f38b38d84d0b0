"""Serves an exported model on this machine, and asks it over HTTP.

    python recipes/serve_and_ask.py saved_models/sentiment_lstm "A wonderful film."

What asks is `rnnzoo.serving.Client`; it asks TensorFlow Serving in the same words.
"""

import argparse
import json
import sys
from pathlib import Path

from rnnzoo.serving import Client, LocalServer


def main(directory: str, texts: list[str]) -> None:
    """Starts the local server on a free port, asks, and stops it."""
    model = Path(directory).resolve().name
    with LocalServer(directory) as server, Client(server.rest, model) as client:
        print(f"http://{server.rest}/v1/models/{model} says:")
        for text, answer in zip(texts, client.predict(texts), strict=True):
            print(json.dumps({"text": text, **answer}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directory", help="of the model: saved_models/sentiment_lstm")
    parser.add_argument("texts", nargs="+")
    arguments = parser.parse_args()
    try:
        main(arguments.directory, arguments.texts)
    except RuntimeError as error:
        sys.exit(f"error: {error}")

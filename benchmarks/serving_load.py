"""What `serving.py` runs in processes of their own: a model, or those who ask one.

Each line of standard input is a case in JSON, each line of output its answer.
"""

import json
import random
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

Ask = Callable[[str], object]


def main(kind: str, place: str, *more: str) -> None:
    """Answers cases until there are no more.

    Args:
        kind: "process", for a SavedModel in this process; "warmed", for one that has
            answered its warm-up requests before the first is timed; or "server".
        place: its path, or the address of the server.
        *more: the model's name, for a server.
    """
    kinds = {"process": _in_process, "warmed": _warmed, "server": _through_server}
    ask, about = kinds[kind](place, *more)
    print(json.dumps(about), flush=True)
    for line in sys.stdin:
        print(json.dumps(measure(ask, **json.loads(line))), flush=True)


def measure(ask: Ask, words: int, clients: int, requests: int) -> dict:
    """Asks from several threads at once, one request after the other in each.

    Args:
        ask: sends one text, and returns with its answer.
        words: the length of the texts.
        clients: how many threads.
        requests: how many requests each of them sends.

    Returns:
        Median and 99th percentile of the latency in milliseconds, answers per
        second, and how many requests failed.
    """
    texts = [_text(words, seed) for seed in range(16)]
    start = threading.Barrier(clients + 1)

    def client(number):
        seconds, errors = [], 0
        start.wait()
        for i in range(requests):
            begin = time.perf_counter()
            try:
                ask(texts[(number + i) % len(texts)])
            # Counted, whatever it is: a server must answer.
            except Exception:
                errors += 1
            seconds.append(time.perf_counter() - begin)
        return seconds, errors

    with ThreadPoolExecutor(clients) as threads:
        running = [threads.submit(client, number) for number in range(clients)]
        start.wait()
        begin = time.perf_counter()
        found = [each.result() for each in running]
        took = time.perf_counter() - begin
    ms = 1e3 * np.concatenate([seconds for seconds, _ in found])
    return {
        "p50_ms": round(float(np.percentile(ms, 50)), 2),
        "p99_ms": round(float(np.percentile(ms, 99)), 2),
        "per_second": round(clients * requests / took, 1),
        "errors": sum(errors for _, errors in found),
    }


def _text(words: int, seed: int) -> str:
    """As frequent as words are (Zipf's law), of the vocabulary that was exported."""
    rng = random.Random(seed)
    return " ".join(f"w{int(20_000 ** rng.random())}" for _ in range(words))


def _in_process(path: str) -> tuple[Ask, dict]:
    import tensorflow as tf

    begin = time.perf_counter()
    model = tf.saved_model.load(path)
    load = time.perf_counter() - begin
    answer = model.signatures["serving_default"]

    def ask(text):
        return {k: v.numpy() for k, v in answer(text=tf.constant([text])).items()}

    return ask, {"load_s": round(load, 2), "first_ms": _first(ask)}


def _warmed(path: str) -> tuple[Ask, dict]:
    from rnnzoo.serving.loaded_version import DEFAULT_SIGNATURE, LoadedVersion
    from rnnzoo.serving.warm_up import warm_up

    version = LoadedVersion("it", 1, path)
    warm_up(version, path)

    def ask(text):
        return version.run(DEFAULT_SIGNATURE, {"text": np.array([text], object)})

    return ask, {"first_ms": _first(ask)}


def _through_server(address: str, model: str) -> tuple[Ask, dict]:
    from rnnzoo.serving import Client

    local = threading.local()

    def ask(text):
        # A connection for each thread, as different people have.
        if not hasattr(local, "client"):
            local.client = Client(address, model)
        return local.client.predict([text])

    return ask, {"first_ms": _first(ask)}


def _first(ask: Ask) -> float:
    """Milliseconds that the first request takes."""
    begin = time.perf_counter()
    ask(_text(200, 0))
    return round(1e3 * (time.perf_counter() - begin), 1)


if __name__ == "__main__":
    main(*sys.argv[1:])

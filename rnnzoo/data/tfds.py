"""Finding a data set of tensorflow-datasets, and fetching it."""

import difflib
import socket
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable

from rnnzoo.data.raw_files import FOLDER, has_raw_data
from rnnzoo.data.splits import EMBEDDED, three_splits


def find_builder(name: str, examples: str):
    """The builder of a data set, prepared or not.

    Args:
        name: a name in tensorflow-datasets, such as "glue/sst2".
        examples: some names that would do, for the error.

    Raises:
        ValueError: if there is no such data set; suggests the nearest ones.
    """
    # Imported here: the embedded data need none of it.
    import tensorflow_datasets as tfds

    import rnnzoo.data.builders  # noqa: F401  It enters them by their names.

    try:
        return tfds.builder(name)
    except tfds.core.DatasetNotFoundError:
        known = [EMBEDDED, *tfds.list_builders()]
        nearest = sorted(set(difflib.get_close_matches(name.lower(), known, n=3)))
        hint = f" Did you mean {' or '.join(map(repr, nearest))}?" if nearest else ""
        raise ValueError(
            f"There is no data set {name!r}.{hint} There is {EMBEDDED!r}, which needs "
            f"no network, and in tensorflow-datasets, among others: {examples}; "
            "`tfds.list_builders()` lists them all."
        ) from None
    except (AssertionError, ImportError, ValueError) as error:
        # A version or a variant that is not there, or no name at all.
        raise ValueError(
            f"tensorflow-datasets knows no data set {name!r}: {error}"
        ) from error


def licence(info) -> str:
    """That of a data set, or where to look for it."""
    stated = info.redistribution_info and info.redistribution_info.license
    return stated or f"not stated; see {info.homepage}"


def read_splits(name: str, builder, read: Callable, given: Iterable[str]) -> dict:
    """What `Splits` takes, of a data set that is prepared.

    Args:
        name: its name.
        builder: what has prepared it.
        read: takes an example of tensorflow-datasets and returns what it is here.
        given: the splits that may be read, see `three_splits`.
    """
    splits = three_splits(name, list(given))
    parts = [builder.as_dataset(split=split).map(read) for split in splits]
    return {
        "name": name,
        "version": str(builder.version),
        **dict(zip(("train", "validation", "test"), parts, strict=True)),
        "test_split": splits[2],
        "licence": licence(builder.info),
    }


def fetch(name: str, builder) -> None:
    """Downloads and prepares a data set, if it is not yet prepared.

    Args:
        name: its name, for the error.
        builder: what prepares it.

    Raises:
        ConnectionError: if it cannot be downloaded.
    """
    # By which tensorflow-datasets downloads.
    import requests

    if builder.is_prepared():
        return
    if is_own := type(builder).__module__.startswith("rnnzoo."):
        hint = f"Set {FOLDER} to its raw files"
    else:
        hint = (
            f"Prepare it where there is one (tfds build {name}), copy the folder "
            "tensorflow_datasets and set TFDS_DATA_DIR to it"
        )
    urls = [builder.URL] if is_own else builder.url_infos
    urls = [] if is_own and has_raw_data() else urls
    hosts = {_host(url) for url in urls if url.startswith("http")}
    try:
        if hosts and not any(map(_is_reachable, hosts)):
            raise ConnectionError(f"cannot reach {sorted(hosts)}")
        builder.download_and_prepare()
    except (ConnectionError, TimeoutError, requests.RequestException) as error:
        where = " or ".join(sorted(host for host, _ in hosts)) or "its source"
        raise ConnectionError(
            f"The data set {name!r} is not prepared on this machine and could not be "
            f"fetched from {where}: no network. {hint}; or use {EMBEDDED!r}, which "
            "needs nothing."
        ) from error


def _host(url: str) -> tuple[str, int]:
    parts = urllib.parse.urlsplit(url)
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def _is_reachable(address: tuple[str, int]) -> bool:
    # Without this, tensorflow-datasets retries for minutes. A proxy answers for itself.
    if urllib.request.getproxies():
        return True
    try:
        socket.create_connection(address, timeout=10).close()
    except OSError:
        return False
    return True

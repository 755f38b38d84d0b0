"""Data sets of tensorflow-datasets: builders, splits and downloads."""

import difflib
import socket
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable

from rnnzoo.data.raw_files import FOLDER, has_raw_data
from rnnzoo.data.splits import EMBEDDED, three_splits


def find_builder(name: str, examples: str):
    """Returns the builder of a data set, prepared or not.

    Args:
        name: Name in tensorflow-datasets, such as "glue/sst2".
        examples: Names of suitable data sets, for the error.

    Raises:
        ValueError: If there is no such data set; suggests the nearest ones.
    """
    # Imported here, since embedded data do not need it.
    import tensorflow_datasets as tfds

    import rnnzoo.data.builders  # noqa: F401  Registers the builders.

    try:
        return tfds.builder(name)
    except tfds.core.DatasetNotFoundError:
        names = [EMBEDDED, *tfds.list_builders()]
        nearest = sorted(set(difflib.get_close_matches(name.lower(), names, n=3)))
        hint = f" Did you mean {' or '.join(map(repr, nearest))}?" if nearest else ""
        raise ValueError(
            f"There is no data set {name!r}.{hint} There is {EMBEDDED!r}, which needs "
            f"no network, and in tensorflow-datasets, among others: {examples}; "
            "`tfds.list_builders()` lists them all."
        ) from None
    except (AssertionError, ImportError, ValueError) as error:
        # An unknown version or variant, or an invalid name.
        raise ValueError(
            f"tensorflow-datasets knows no data set {name!r}: {error}"
        ) from error


def licence(info) -> str:
    """Returns the licence of a data set, or where to look for it."""
    stated = info.redistribution_info and info.redistribution_info.license
    return stated or f"not stated; see {info.homepage}"


def read_splits(name: str, builder, read: Callable, given: Iterable[str]) -> dict:
    """Returns the arguments of `Splits` for a prepared data set.

    Args:
        name: Name of the data set.
        builder: Builder of the data set.
        read: Function from an example of tensorflow-datasets to an example here.
        given: Splits that may be read, see `three_splits`.
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
    """Downloads and prepares a data set if it is not prepared yet.

    Args:
        name: Name of the data set, for the error.
        builder: Builder of the data set.

    Raises:
        ConnectionError: If it cannot be downloaded.
    """
    # tensorflow-datasets downloads by requests.
    import requests

    if builder.is_prepared():
        return
    if type(builder).__module__.startswith("rnnzoo."):
        urls = [] if has_raw_data() else [builder.URL]
        hint = f"Set {FOLDER} to its raw files"
    else:
        urls = builder.url_infos
        hint = (
            f"Prepare it on a machine with a network (tfds build {name}), copy the "
            "folder tensorflow_datasets and set TFDS_DATA_DIR to it"
        )
    hosts = {_host(url) for url in urls if url.startswith("http")}
    try:
        if hosts and not any(map(_is_reachable, hosts)):
            raise ConnectionError(f"cannot reach {sorted(hosts)}")
        builder.download_and_prepare()
    except (ConnectionError, TimeoutError, requests.RequestException) as error:
        where = " or ".join(sorted(host for host, _ in hosts)) or "its source"
        raise ConnectionError(
            f"The data set {name!r} is not prepared on this machine and could not be "
            f"downloaded from {where}: no network. {hint}; or use {EMBEDDED!r}, which "
            "needs no download."
        ) from error


def _host(url: str) -> tuple[str, int]:
    parts = urllib.parse.urlsplit(url)
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def _is_reachable(address: tuple[str, int]) -> bool:
    # Without this check, tensorflow-datasets retries for minutes.
    if urllib.request.getproxies():  # Then the proxy reports errors.
        return True
    try:
        socket.create_connection(address, timeout=10).close()
    except OSError:
        return False
    return True

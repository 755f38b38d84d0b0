"""Where the raw files of a data set come from."""

import os
from pathlib import Path

FOLDER = "RNNZOO_RAW_DATA"


def has_raw_data() -> bool:
    """Whether the environment names a folder with raw files."""
    return bool(os.environ.get(FOLDER))


def raw_folder(name: str) -> Path | None:
    """The folder with raw files that the environment names, if it does.

    On a machine without a network, `RNNZOO_RAW_DATA` may name a folder that holds what
    would be downloaded.

    Args:
        name: the data set's own folder in there, "slu/atis".

    Raises:
        FileNotFoundError: if the environment names a folder which has none for it.
    """
    folder = os.environ.get(FOLDER)
    if not folder:
        return None
    path = Path(folder) / name
    if not path.is_dir():
        raise FileNotFoundError(
            f"{FOLDER} names {folder}, and there is no folder {name!r} in it. Put the "
            f"raw files there, or unset {FOLDER} to download them."
        )
    return path

"""Raw files of data sets, local or downloaded."""

import os
from collections.abc import Mapping
from pathlib import Path

FOLDER = "RNNZOO_RAW_DATA"


def has_raw_data() -> bool:
    """Returns whether `RNNZOO_RAW_DATA` names a folder with raw files."""
    return bool(os.environ.get(FOLDER))


def raw_folder(name: str) -> Path | None:
    """Returns the folder with a data set's raw files, or `None` to download them.

    On a machine without a network, `RNNZOO_RAW_DATA` names a folder with these files.

    Args:
        name: Name of the data set's folder in there, such as "slu/atis".

    Raises:
        FileNotFoundError: If `RNNZOO_RAW_DATA` has no such folder.
    """
    if not has_raw_data():
        return None
    path = Path(os.environ[FOLDER]) / name
    if not path.is_dir():
        raise FileNotFoundError(
            f"{FOLDER} names {os.environ[FOLDER]}, and there is no folder {name!r} in "
            f"it. Put the raw files there, or unset {FOLDER} to download them."
        )
    return path


def raw_files(
    name: str, url: str, files: Mapping[str, Mapping[str, str]], dl_manager
) -> dict[str, dict[str, str]]:
    """Returns the paths of a data set's raw files, and downloads them if needed.

    Args:
        name: Name of the local folder, see `raw_folder`.
        url: URL of the folder to download from.
        files: Relative paths of the files, by split and key.
        dl_manager: Download manager of tensorflow-datasets.
    """
    folder = raw_folder(name)
    paths = {
        split: {key: f"{folder or url}/{path}" for key, path in by_key.items()}
        for split, by_key in files.items()
    }
    return paths if folder else dl_manager.download(paths)

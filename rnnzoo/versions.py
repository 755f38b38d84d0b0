"""Numbered folders: the versions of a served model, the backups of a run."""

from pathlib import Path


def versions(directory: str | Path) -> list[int]:
    """The numbers of the folders `1`, `2`, ... that are there, lowest first.

    Args:
        directory: the folder that holds them; need not exist.
    """
    base = Path(directory)
    folders = [path.name for path in base.glob("[1-9]*") if path.is_dir()]
    return sorted(int(name) for name in folders if name.isdecimal())

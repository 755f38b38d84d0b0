"""The versions of a served model: a directory with a folder `1`, `2`, ... for each."""

from pathlib import Path


def versions(directory: str | Path) -> list[int]:
    """The versions that are there, oldest first.

    Args:
        directory: the served model's directory.
    """
    base = Path(directory)
    names = [path.name for path in base.iterdir()] if base.is_dir() else []
    return sorted(int(name) for name in names if name.isdecimal())

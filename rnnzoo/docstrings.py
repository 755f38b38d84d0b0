"""Reading the argument texts of Google-style docstrings."""

import inspect
import re
from collections.abc import Callable


def argument_docs(*documented: Callable) -> dict[str, str]:
    """Returns the texts that docstrings give for arguments, by argument.

    Args:
        *documented: Functions or classes. Where several document an argument, the
            last one counts.

    >>> argument_docs(argument_docs)["*documented"].split(".")[0]
    'Functions or classes'
    """
    docs = {}
    for item in documented:
        _, _, behind = (inspect.getdoc(item) or "").partition("\nArgs:\n")
        section = re.split(r"\n(?=\S)", behind)[0]
        found = re.findall(r"^    (\*{0,2}\w+): (.*(?:\n {8}.*)*)", section, re.M)
        docs |= {name: " ".join(text.split()) for name, text in found}
    return docs

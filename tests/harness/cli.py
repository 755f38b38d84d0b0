"""Runs `saved_model_cli run` again and again, in one process: it takes long to start.

A line of standard input is a list of its arguments, in JSON.
"""

import json
import sys

from absl import flags
from tensorflow.python.tools import saved_model_cli


def main() -> None:
    for line in sys.stdin:
        flags.FLAGS(["saved_model_cli", *json.loads(line)])
        saved_model_cli.run()


if __name__ == "__main__":
    main()

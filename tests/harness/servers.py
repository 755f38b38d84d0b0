"""The local server, in a process of its own."""

import re
import signal
import subprocess
import sys
from pathlib import Path


class LocalServer:
    """Runs `python -m rnnzoo serve` on free ports until the end of a `with`."""

    def __init__(self, directory: Path, *arguments: str):
        ports = ["--port", "0", "--grpc-port", "0"]
        command = [sys.executable, "-m", "rnnzoo", "serve", directory]
        self.process = subprocess.Popen(
            [*command, *ports, *arguments], stderr=subprocess.PIPE, text=True
        )
        self.grpc = self._told(r"gRPC on (\S+)")
        self.rest = self._told(r"Uvicorn running on http://(\S+)")

    def _told(self, pattern: str) -> str:
        seen = []
        for line in self.process.stderr:
            seen.append(line)
            if found := re.search(pattern, line):
                return found[1]
        raise AssertionError("".join(seen))

    def stop(self) -> int:
        """Sends SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        self.process.stderr.read()
        return self.process.wait(timeout=60)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.process.poll() is None:
            self.stop()
        self.process.stderr.close()

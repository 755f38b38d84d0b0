"""`LocalServer`: the local server in a process of its own, for the time of a `with`."""

import re
import signal
import subprocess
import sys
import threading
from contextlib import AbstractContextManager
from pathlib import Path

_PATIENCE_SECONDS = 60.0


class LocalServer(AbstractContextManager):
    """Runs `python -m rnnzoo serve` on free ports of this machine.

    Args:
        directory: a folder of models, or one model's own.
        *arguments: further ones of the command line, such as "--max-batch", "8".

    Raises:
        RuntimeError: if it does not start, with what it wrote.

    `rest` and `grpc` are the addresses that it listens on:

        with LocalServer("saved_models") as server:
            with Client(server.rest, "sentiment_lstm") as client:
                client.predict(["A wonderful film."])
    """

    def __init__(self, directory: str | Path, *arguments: str):
        ports = ["--port", "0", "--grpc-port", "0"]
        command = [sys.executable, "-m", "rnnzoo", "serve", str(directory), *ports]
        self.process = subprocess.Popen(
            [*command, *arguments], stderr=subprocess.PIPE, text=True
        )
        self.grpc = self._told(r"gRPC on (\S+)")
        self.rest = self._told(r"Uvicorn running on http://(\S+)")
        # A pipe that nobody reads is full some day, and whoever writes to it waits.
        self._reader = threading.Thread(target=self.process.stderr.read, daemon=True)
        self._reader.start()

    def _told(self, pattern: str) -> str:
        written = []
        for line in self.process.stderr:
            written.append(line)
            if found := re.search(pattern, line):
                return found[1]
        self.process.wait()
        raise RuntimeError("The server did not start:\n" + "".join(written))

    def stop(self) -> int:
        """Lets it answer what is under way, and end; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._reader.join()
        self.process.stderr.close()
        return self.process.wait()

    def __exit__(self, *error) -> None:
        self.stop()

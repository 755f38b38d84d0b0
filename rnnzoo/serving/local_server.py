"""`LocalServer`: the local server in its own process, as a context manager."""

import re
import signal
import subprocess
import sys
import threading
from contextlib import AbstractContextManager
from pathlib import Path

_STOP_SECONDS = 60.0


class LocalServer(AbstractContextManager):
    """Runs `python -m rnnzoo serve` on free ports of this machine.

    Args:
        directory: Folder of models, or folder of one model.
        *arguments: More command line arguments, such as "--max-batch", "8".

    Raises:
        RuntimeError: If the server does not start. The error has its output.

    `rest` and `grpc` are the addresses of the server:

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
        self.grpc = self._read_address(r"gRPC on (\S+)")
        self.rest = self._read_address(r"Uvicorn running on http://(\S+)")
        # The server would block on a full pipe.
        self._reader = threading.Thread(target=self.process.stderr.read, daemon=True)
        self._reader.start()

    def _read_address(self, pattern: str) -> str:
        output = []
        for line in self.process.stderr:
            output.append(line)
            if match := re.search(pattern, line):
                return match[1]
        self.process.wait()
        raise RuntimeError("The server did not start:\n" + "".join(output))

    def stop(self) -> int:
        """Stops the server after its current requests, and returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._reader.join()
        self.process.stderr.close()
        return self.process.wait()

    def __exit__(self, *error) -> None:
        self.stop()

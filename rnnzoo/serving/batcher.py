"""`Batcher`: requests that wait at the same time are answered in one batch."""

import asyncio
from collections import deque
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from rnnzoo.serving.errors import ServingError, invalid
from rnnzoo.serving.loaded_version import LoadedVersion, Tensors


@dataclass
class _Waiting:
    inputs: Tensors
    rows: int
    answer: asyncio.Future


class Batcher:
    """Runs models in threads, and merges what waits for the same signature.

    Nobody waits for a batch to fill up: while one runs, the next one gathers. Only
    requests whose inputs have the same types and, but for the batch, the same shapes
    are merged; texts always have. A batch that fails is answered request by request,
    so that each gets its own error.

    Args:
        max_batch: how many rows are merged at most, and how many a request may have.
        max_waiting: how many requests may wait; what comes then is refused.
        timeout: seconds that a request may take, waiting included.
        threads: how many batches run at the same time, each for another signature.
    """

    def __init__(
        self,
        max_batch: int = 64,
        max_waiting: int = 1000,
        timeout: float = 30.0,
        threads: int = 2,
    ):
        self.max_batch = max_batch
        self.max_waiting = max_waiting
        self.timeout = timeout
        self._queues: dict[object, deque[_Waiting]] = {}
        self._running: set[asyncio.Task] = set()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="model")

    async def run(
        self, version: LoadedVersion, signature: str, inputs: Mapping[str, np.ndarray]
    ) -> Tensors:
        """Answers a request, with others if there are any.

        Raises:
            ServingError: as `LoadedVersion.run`; INVALID_ARGUMENT for too large a
                batch, UNAVAILABLE if too many wait already, DEADLINE_EXCEEDED if it
                took too long.
        """
        rows = {value.shape[:1] for value in inputs.values()}
        if len(rows) != 1 or () in rows:
            raise invalid(
                "Batching Run() input tensors must have equal 0th-dimension size"
            )
        ((size,),) = rows
        if size > self.max_batch:
            raise invalid(
                f"The batch has {size} rows, and at most {self.max_batch} are answered "
                "in one request. Send them in several."
            )
        if sum(map(len, self._queues.values())) >= self.max_waiting:
            raise ServingError(
                "UNAVAILABLE", f"{self.max_waiting} requests wait already. Try later."
            )
        kinds = frozenset((k, v.dtype, v.shape[1:]) for k, v in inputs.items())
        answer = asyncio.get_running_loop().create_future()
        waiting = _Waiting(dict(inputs), size, answer)
        self._join((version, signature, kinds), waiting)
        try:
            return await asyncio.wait_for(answer, self.timeout)
        except TimeoutError:
            raise ServingError(
                "DEADLINE_EXCEEDED",
                f"The request was not answered within {self.timeout:g} seconds.",
            ) from None

    def close(self) -> None:
        """Ends the threads once what runs is done."""
        self._threads.shutdown()

    def _join(self, key, waiting):
        if key in self._queues:
            self._queues[key].append(waiting)
            return
        self._queues[key] = deque([waiting])
        task = asyncio.create_task(self._answer_all(key))
        self._running.add(task)  # A task that nobody holds may be collected.
        task.add_done_callback(self._running.discard)

    async def _answer_all(self, key):
        """Answers what waits, batch after batch, until nothing does."""
        version, signature, _ = key
        queue = self._queues[key]
        while queue:
            batch = self._next_batch(queue)
            if not batch:
                continue
            try:
                outputs = await self._in_thread(version, signature, _merged(batch))
                parts = _split(outputs, [each.rows for each in batch])
            except ServingError as error:
                parts = await self._one_by_one(version, signature, batch, error)
            for each, part in zip(batch, parts, strict=True):
                _settle(each.answer, part)
        del self._queues[key]

    def _next_batch(self, queue):
        batch, rows = [], 0
        while queue and rows + queue[0].rows <= self.max_batch:
            waiting = queue.popleft()
            if not waiting.answer.done():  # Whoever asked may have given up.
                batch.append(waiting)
                rows += waiting.rows
        return batch

    async def _one_by_one(self, version, signature, batch, error):
        if len(batch) == 1:
            return [error]
        parts = []
        for each in batch:
            try:
                parts.append(await self._in_thread(version, signature, each.inputs))
            except ServingError as own:
                parts.append(own)
        return parts

    async def _in_thread(self, version, signature, inputs):
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(
                self._threads, version.run, signature, inputs
            )
        # What nobody foresaw is an answer too: whoever asked must not wait for ever.
        except Exception as error:
            if isinstance(error, ServingError):
                raise
            raise ServingError(
                "INTERNAL", f"{type(error).__name__}: {error}"
            ) from error


def _merged(batch: list[_Waiting]) -> Tensors:
    if len(batch) == 1:
        return batch[0].inputs
    names = batch[0].inputs
    return {name: np.concatenate([b.inputs[name] for b in batch]) for name in names}


def _split(outputs: Tensors, rows: list[int]) -> list[Tensors]:
    if len(rows) == 1:
        return [outputs]
    for name, value in outputs.items():
        if value.shape[:1] != (sum(rows),):
            raise ServingError("FAILED_PRECONDITION", f"{name} has no batch dimension.")
    ends = np.cumsum(rows)[:-1]
    columns = {name: np.split(value, ends) for name, value in outputs.items()}
    return [{name: columns[name][i] for name in columns} for i in range(len(rows))]


def _settle(answer: asyncio.Future, part: Tensors | ServingError) -> None:
    if answer.done():  # Whoever asked has given up.
        return
    if isinstance(part, ServingError):
        answer.set_exception(part)
    else:
        answer.set_result(part)

"""`Batcher`: requests that wait at the same time are answered in one batch."""

import asyncio
from collections import deque
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from rnnzoo.serving.errors import ServingError, invalid
from rnnzoo.serving.limits import Limits
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
        limits: what a request may take.
        threads: how many batches run at the same time, each for another signature.
    """

    def __init__(self, limits: Limits, threads: int = 2):
        self.limits = limits
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
        self._check_size(size)
        if sum(map(len, self._queues.values())) >= self.limits.max_waiting:
            raise ServingError(
                "UNAVAILABLE",
                f"{self.limits.max_waiting} requests wait already. Try later.",
            )
        kinds = frozenset((k, v.dtype, v.shape[1:]) for k, v in inputs.items())
        answer = asyncio.get_running_loop().create_future()
        waiting = _Waiting(dict(inputs), size, answer)
        self._join((version, signature, kinds), waiting)
        try:
            return await asyncio.wait_for(answer, self.limits.timeout)
        except TimeoutError:
            raise ServingError(
                "DEADLINE_EXCEEDED",
                f"The request was not answered within {self.limits.timeout:g} seconds.",
            ) from None

    def check_rows(self, rows: object) -> None:
        """Raises a ServingError for a list of more rows than a batch may have."""
        if isinstance(rows, list):
            self._check_size(len(rows))

    def close(self) -> None:
        """Takes nothing more; what nobody waits for any longer may run on."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _check_size(self, size):
        if size > self.limits.max_batch:
            raise invalid(
                f"The batch has {size} rows, and at most {self.limits.max_batch} are "
                "answered in one request. Send them in several."
            )

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
            if batch := self._next_batch(queue):
                await self._answer(version, signature, batch)
        del self._queues[key]

    async def _answer(self, version, signature, batch):
        try:
            inputs = _merged(batch)
            outputs = await self._in_thread(version, signature, inputs)
            parts = _split(outputs, [each.rows for each in batch])
        # Whatever it is, nobody must wait for ever, nor those who come next.
        except Exception as error:
            parts = await self._one_by_one(version, signature, batch, _told(error))
        for each, part in zip(batch, parts, strict=True):
            _settle(each.answer, part)

    def _next_batch(self, queue):
        batch, rows = [], 0
        while queue and rows + queue[0].rows <= self.limits.max_batch:
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
            except Exception as own:
                parts.append(_told(own))
        return parts

    async def _in_thread(self, version, signature, inputs):
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, version.run, signature, inputs)


def _told(error: Exception) -> ServingError:
    if isinstance(error, ServingError):
        return error
    return ServingError("INTERNAL", f"{type(error).__name__}: {error}")


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

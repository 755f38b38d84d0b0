"""`Batcher`: answers requests that wait at the same time in one batch."""

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
class _Request:
    inputs: Tensors
    rows: int
    answer: asyncio.Future


class Batcher:
    """Runs models in threads and merges waiting requests to the same signature.

    No request waits for a batch to fill up: the next batch gathers while one runs.
    Merged requests have the same dtypes and, except for the batch, the same shapes. If
    a batch fails, its requests are run one by one, and each gets its own error.

    Args:
        limits: Limits of a request.
        threads: Number of batches that run at the same time, for different signatures.
    """

    def __init__(self, limits: Limits, threads: int = 2):
        self.limits = limits
        self._queues: dict[object, deque[_Request]] = {}
        self._tasks: set[asyncio.Task] = set()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="model")

    async def run(
        self, version: LoadedVersion, signature: str, inputs: Mapping[str, np.ndarray]
    ) -> Tensors:
        """Answers a request, merged with others that wait.

        Raises:
            ServingError: See `LoadedVersion.run`; INVALID_ARGUMENT for too many rows,
                UNAVAILABLE for too many waiting requests, DEADLINE_EXCEEDED.
        """
        sizes = {value.shape[:1] for value in inputs.values()}
        if len(sizes) != 1 or () in sizes:
            raise invalid(
                "Batching Run() input tensors must have equal 0th-dimension size"
            )
        ((rows,),) = sizes
        self._check_size(rows)
        if sum(map(len, self._queues.values())) >= self.limits.max_waiting:
            message = f"{self.limits.max_waiting} requests wait already. Try later."
            raise ServingError("UNAVAILABLE", message)
        kinds = frozenset((k, v.dtype, v.shape[1:]) for k, v in inputs.items())
        answer = asyncio.get_running_loop().create_future()
        request = _Request(dict(inputs), rows, answer)
        self._enqueue((version, signature, kinds), request)
        timeout = self.limits.timeout
        try:
            return await asyncio.wait_for(answer, timeout)
        except TimeoutError:
            message = f"The request was not answered within {timeout:g} seconds."
            raise ServingError("DEADLINE_EXCEEDED", message) from None

    def check_rows(self, rows: object) -> None:
        """Raises a ServingError if a list has more rows than a batch may have."""
        if isinstance(rows, list):
            self._check_size(len(rows))

    def close(self) -> None:
        """Refuses further requests, without waiting for those that run."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _check_size(self, rows):
        if rows > self.limits.max_batch:
            raise invalid(
                f"Expected at most {self.limits.max_batch} rows in a request, got "
                f"{rows} rows. Send several requests."
            )

    def _enqueue(self, key, request):
        if key in self._queues:
            self._queues[key].append(request)
            return
        self._queues[key] = deque([request])
        task = asyncio.create_task(self._answer_all(key))
        self._tasks.add(task)  # The event loop holds only weak references to tasks.
        task.add_done_callback(self._tasks.discard)

    async def _answer_all(self, key):
        version, signature, _ = key
        queue = self._queues[key]
        while queue:
            if batch := self._next_batch(queue):
                await self._answer(version, signature, batch)
        del self._queues[key]

    def _next_batch(self, queue):
        batch, rows = [], 0
        while queue and rows + queue[0].rows <= self.limits.max_batch:
            request = queue.popleft()
            if not request.answer.done():  # The client may have given up.
                batch.append(request)
                rows += request.rows
        return batch

    async def _answer(self, version, signature, batch):
        try:
            outputs = await self._in_thread(version, signature, _merge(batch))
            results = _split(outputs, [request.rows for request in batch])
        # Without an answer, these clients and all later ones would wait for ever.
        except Exception as error:
            if len(batch) > 1:
                for request in batch:
                    await self._answer(version, signature, [request])
                return
            if not isinstance(error, ServingError):
                error = ServingError("INTERNAL", f"{type(error).__name__}: {error}")
            results = [error]
        for request, result in zip(batch, results, strict=True):
            if request.answer.done():  # The client has given up.
                continue
            if isinstance(result, ServingError):
                request.answer.set_exception(result)
            else:
                request.answer.set_result(result)

    async def _in_thread(self, version, signature, inputs):
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, version.run, signature, inputs)


def _merge(batch: list[_Request]) -> Tensors:
    if len(batch) == 1:
        return batch[0].inputs
    names = batch[0].inputs
    return {name: np.concatenate([r.inputs[name] for r in batch]) for name in names}


def _split(outputs: Tensors, rows: list[int]) -> list[Tensors]:
    if len(rows) == 1:
        return [outputs]
    for name, value in outputs.items():
        if value.shape[:1] != (sum(rows),):
            raise ServingError("FAILED_PRECONDITION", f"{name} has no batch dimension.")
    ends = np.cumsum(rows)[:-1]
    columns = {name: np.split(value, ends) for name, value in outputs.items()}
    return [{name: columns[name][i] for name in columns} for i in range(len(rows))]

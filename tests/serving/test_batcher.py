"""Requests that wait together are answered together, each with its own answer."""

import asyncio
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnzoo.serving import ServingError
from rnnzoo.serving.batcher import Batcher
from rnnzoo.serving.limits import Limits


class Doubling:
    """Stands for a loaded version; it can be held up, and notes its batches."""

    def __init__(self, held=False):
        self.sizes = []
        self.let_go = threading.Event()
        self.started = threading.Event()
        if not held:
            self.let_go.set()

    def run(self, signature, inputs):
        self.started.set()
        self.let_go.wait(timeout=30)
        self.sizes.append(len(inputs["x"]))
        if (inputs["x"] < 0).any():
            raise ServingError("INVALID_ARGUMENT", "x must not be negative")
        return {"y": 2 * inputs["x"]}


def numbers(*values):
    return {"x": np.array(values, "float32")}


async def gather_while_held(model, batcher, requests):
    """Sends the first request, and the others while it runs."""
    first = asyncio.create_task(batcher.run(model, "s", requests[0]))
    await asyncio.to_thread(model.started.wait, 30)
    others = [asyncio.create_task(batcher.run(model, "s", r)) for r in requests[1:]]
    await asyncio.sleep(0)  # They get to their places.
    model.let_go.set()
    return await asyncio.gather(first, *others, return_exceptions=True)


def answers(requests, **settings):
    model, batcher = Doubling(held=True), Batcher(Limits(**settings))
    found = asyncio.run(gather_while_held(model, batcher, requests))
    batcher.close()
    return found, model.sizes


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(0, 99), min_size=1, max_size=4), min_size=1))
def test_each_gets_its_own_rows(values):
    found, sizes = answers([numbers(*row) for row in values], max_batch=8)
    for row, answer in zip(values, found, strict=True):
        assert answer["y"].tolist() == [2 * value for value in row]
    assert sum(sizes) == sum(map(len, values))
    assert max(sizes) <= 8


def test_what_waits_is_merged():
    _, sizes = answers([numbers(i) for i in range(6)], max_batch=4)
    assert sizes == [1, 4, 1]


def test_other_shapes_are_not_merged():
    wide = {"x": np.ones((1, 3), "float32")}
    found, sizes = answers([numbers(1), wide, numbers(2), wide])
    assert sorted(sizes) == [1, 1, 2]
    assert [answer["y"].shape for answer in found] == [(1,), (1, 3), (1,), (1, 3)]


def test_one_that_fails_fails_alone():
    found, _ = answers([numbers(0), numbers(1), numbers(-1), numbers(2)])
    assert [str(f) if isinstance(f, Exception) else f["y"].tolist() for f in found] == [
        *([0], [2]),
        "x must not be negative",
        [4],
    ]


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (numbers(*range(9)), " 8 rows.* 9 "),
        ({"x": np.float32(1)}, "must have equal 0th-dimension size"),
        ({**numbers(1), "z": np.ones(2)}, "must have equal 0th-dimension size"),
    ],
)
def test_what_is_no_batch(inputs, message):
    batcher = Batcher(Limits(max_batch=8))
    with pytest.raises(ServingError, match=message) as raised:
        asyncio.run(batcher.run(Doubling(), "s", inputs))
    assert raised.value.status == 400


def test_too_many_waiting():
    found, _ = answers([numbers(i) for i in range(4)], max_waiting=2)
    refused = [each for each in found if isinstance(each, ServingError)]
    assert [(each.status, "2 requests" in str(each)) for each in refused] == [
        (503, True)
    ]


def test_too_slow():
    model, batcher = Doubling(held=True), Batcher(Limits(timeout=0.05))
    with pytest.raises(ServingError, match=r"0\.05 seconds") as raised:
        asyncio.run(batcher.run(model, "s", numbers(1)))
    assert raised.value.status == 504
    model.let_go.set()
    batcher.close()


def test_other_types_are_not_merged():
    ints = {"x": np.array([3], "int32")}
    found, sizes = answers([numbers(1), ints, numbers(2), ints])
    assert sorted(sizes) == [1, 1, 2]
    assert [answer["y"].dtype for answer in found] == ["f4", "i4", "f4", "i4"]


def test_after_an_error_the_next_ones_are_answered():
    class Odd(Doubling):
        def run(self, signature, inputs):
            outputs = super().run(signature, inputs)
            return {"y": 7} if 13 in inputs["x"] else outputs  # No array at all.

    async def both(model, batcher):
        odd = [numbers(1), numbers(13), numbers(2)]
        first = await gather_while_held(model, batcher, odd)
        return first, await batcher.run(model, "s", numbers(3))

    batcher = Batcher(Limits())
    (one, _, two), later = asyncio.run(both(Odd(held=True), batcher))
    batcher.close()
    assert [each["y"].tolist() for each in (one, two, later)] == [[2], [4], [6]]


def test_an_error_that_nobody_foresaw():
    with pytest.raises(ServingError, match="KeyError: 'x'") as raised:
        asyncio.run(Batcher(Limits()).run(Doubling(), "s", {"z": np.ones(1)}))
    assert raised.value.status == 500

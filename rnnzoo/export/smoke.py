"""Asking a written SavedModel, before anybody else can."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import tensorflow as tf

from rnnzoo.export.signature import Request, Signature

_TOLERANCE = 1e-4
Answer = dict[str, np.ndarray]


def ask_all(
    path: str | Path, signatures: Mapping[str, Signature], half: bool = False
) -> dict[str, list[tuple[Request, Answer]]]:
    """Sends every signature its example requests.

    Args:
        path: the directory of the SavedModel.
        signatures: what was written, by name.
        half: whether it computes in half precision, where rounding may turn an answer
            by what stands beside it: a row then need not be answered in a batch as it
            is alone.

    Returns:
        By name, each row's request with its answer.

    Raises:
        ValueError: if a signature fails, gives an output without the batch, or answers
            a row in a batch otherwise than alone; where the scores are the same, a
            text may be another one that is as good, but not that of another row.
    """
    loaded = tf.saved_model.load(str(path))
    return {
        name: _ask(name, loaded.signatures[name], signature, half)
        for name, signature in signatures.items()
    }


def _ask(name, function, signature, half):
    alone, batch = signature.alone(), signature.batch()
    answers = [_answer(name, function, request) for request in alone]
    together = _answer(name, function, batch)
    for i, answer in enumerate(answers if not half else ()):
        in_batch = {output: value[i : i + 1] for output, value in together.items()}
        others = answers[:i] + answers[i + 1 :]
        _check_same(name, signature.rows[i], answer, in_batch, others)
    return list(zip(alone, answers, strict=True))


def _answer(name: str, function, request: Request) -> Answer:
    tensors = {key: tf.constant(value) for key, value in request.items()}
    size = len(next(iter(request.values())))
    try:
        answer = {key: value.numpy() for key, value in function(**tensors).items()}
    except tf.errors.OpError as error:
        raise ValueError(
            f"The signature {name!r} fails on the request {_plain(request)}: "
            f"{error.message}"
        ) from error
    for output, value in answer.items():
        if value.dtype.kind == "f" and not np.isfinite(value).all():
            raise ValueError(
                f"The signature {name!r} answers {_plain(request)} with {output!r} = "
                f"{value.tolist()}, which is no finite number. Are the weights?"
            )
        if value.shape[:1] != (size,):
            raise ValueError(
                f"The output {output!r} of the signature {name!r} must have the batch "
                f"as its first dimension: for {size} rows it has the shape "
                f"{value.shape}."
            )
    return answer


def _check_same(name, row, alone, together, others):
    """Padding must not change an answer; an output over time is padded itself."""
    shared = {
        output: together[output][tuple(slice(0, size) for size in value.shape)]
        for output, value in alone.items()
    }
    wrong = [output for output in alone if not _same(alone[output], shared[output])]
    scores = {output for output, value in alone.items() if value.dtype.kind == "f"}
    # Of answers that are equally good, rounding says which is the first.
    is_tie = scores and not scores & {*wrong}
    for output in wrong:
        if is_tie and not any(_same(o[output], together[output]) for o in others):
            continue
        raise ValueError(
            f"The signature {name!r} answers {dict(row)} in a batch otherwise than "
            f"alone: {output!r} is {shared[output]} there, and {alone[output]} here. "
            "Padding must be masked, and rows must not see each other."
        )


def _same(value, other):
    if value.dtype.kind == "f":
        return np.allclose(value, other, rtol=_TOLERANCE, atol=_TOLERANCE)
    return np.array_equal(value, other)


def _plain(request):
    return {key: value.tolist() for key, value in request.items()}

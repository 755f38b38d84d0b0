"""Smoke test of a SavedModel: runs the example requests before it is published."""

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
    """Sends every signature its example requests and returns the answers.

    Args:
        path: Directory of the SavedModel.
        signatures: Exported signatures by name.
        half: Whether the model computes in half precision. Rounding may then change the
            answer to a row in a batch, so that this is not checked.

    Returns:
        For each signature, the request of each row with its answer.

    Raises:
        ValueError: If a signature fails, returns an output without a batch dimension,
            or answers a row in a batch otherwise than alone. If the scores are equal,
            another text is accepted, but not the text of another row.
    """
    loaded = tf.saved_model.load(str(path))
    return {
        name: _ask(name, loaded.signatures[name], signature, half)
        for name, signature in signatures.items()
    }


def _ask(name, function, signature, half):
    requests = signature.alone()
    answers = [_answer(name, function, request) for request in requests]
    batch = _answer(name, function, signature.batch())
    for i, answer in enumerate(answers if not half else ()):
        in_batch = {output: value[i : i + 1] for output, value in batch.items()}
        others = answers[:i] + answers[i + 1 :]
        _check_same(name, signature.rows[i], answer, in_batch, others)
    return list(zip(requests, answers, strict=True))


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
                f"{value.tolist()}, which is no finite number. Check the weights."
            )
        if value.shape[:1] != (size,):
            raise ValueError(
                f"The output {output!r} of the signature {name!r} must have the batch "
                f"as its first dimension: for {size} rows it has the shape "
                f"{value.shape}."
            )
    return answer


def _check_same(name, row, alone, in_batch, others):
    """Checks that padding changes no answer. Outputs over time may be padded."""
    cut = {
        output: in_batch[output][tuple(slice(0, size) for size in value.shape)]
        for output, value in alone.items()
    }
    wrong = [output for output in alone if not _is_same(alone[output], cut[output])]
    scores = {output for output, value in alone.items() if value.dtype.kind == "f"}
    # Rounding decides between answers with equal scores.
    is_tie = scores and not scores & {*wrong}
    for output in wrong:
        if is_tie and not any(_is_same(o[output], in_batch[output]) for o in others):
            continue
        raise ValueError(
            f"The signature {name!r} answers {dict(row)} in a batch otherwise than "
            f"alone: {output!r} is {cut[output]} there, and {alone[output]} here. "
            "Padding must be masked, and rows must not see each other."
        )


def _is_same(value, other):
    if value.dtype.kind == "f":
        return np.allclose(value, other, rtol=_TOLERANCE, atol=_TOLERANCE)
    return np.array_equal(value, other)


def _plain(request):
    return {key: value.tolist() for key, value in request.items()}

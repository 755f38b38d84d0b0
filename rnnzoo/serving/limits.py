"""`Limits`: what a request may take."""

import math
from dataclasses import dataclass

from rnnzoo.checks import check_positive, check_positive_numbers


@dataclass(frozen=True)
class Limits:
    """What a server lets one request take, so that the others get their answers.

    Args:
        max_body: bytes of a request.
        max_batch: rows of a request, and of a batch of several.
        max_waiting: requests that may wait; what comes then is refused.
        timeout: seconds that the body of a request may take to arrive, and again
            its answer.

    Raises:
        ValueError: if one is not positive, or the time has no end.

    >>> Limits(timeout=0)
    Traceback (most recent call last):
    ValueError: `timeout` must be a positive number, got 0.
    """

    max_body: int = 2**21
    max_batch: int = 64
    max_waiting: int = 1000
    timeout: float = 30.0

    def __post_init__(self):
        check_positive(
            max_body=self.max_body,
            max_batch=self.max_batch,
            max_waiting=self.max_waiting,
        )
        if self.timeout == math.inf:
            raise ValueError("`timeout` must have an end, got inf.")
        check_positive_numbers(timeout=self.timeout)

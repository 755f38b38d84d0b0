"""`Limits`: the limits of a request."""

import math
from dataclasses import dataclass

from rnnzoo.checks import check_positive, check_positive_numbers


@dataclass(frozen=True)
class Limits:
    """Limits of a request, so that other requests are answered in time.

    Args:
        max_body: Largest size of a request in bytes.
        max_batch: Largest number of rows in a request and in a merged batch.
        max_waiting: Number of requests that may wait. Further ones are refused.
        timeout: Seconds that the body may take to arrive, and again the answer.

    Raises:
        ValueError: If a limit is not positive, or the timeout is infinite.

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
            raise ValueError("`timeout` must be finite, got inf.")
        check_positive_numbers(timeout=self.timeout)

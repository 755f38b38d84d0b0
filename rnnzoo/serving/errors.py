"""`ServingError`: what a server answers instead of an answer."""

import tensorflow as tf

# Codes of gRPC, each with its status in TensorFlow Serving's REST API
# (model_servers/http_server.cc).
HTTP_STATUS = {
    "OK": 200,
    "CANCELLED": 499,
    "UNKNOWN": 500,
    "INVALID_ARGUMENT": 400,
    "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403,
    "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400,
    "ABORTED": 409,
    "OUT_OF_RANGE": 400,
    "UNIMPLEMENTED": 501,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DATA_LOSS": 500,
    "UNAUTHENTICATED": 401,
}
_CODES = list(HTTP_STATUS)  # In the order of gRPC's numbers, which TensorFlow shares.


class ServingError(Exception):
    """A request that a server refuses, or fails to answer.

    Args:
        code: the name of the gRPC code, such as "INVALID_ARGUMENT".
        message: what the server says.
        status: the HTTP status, by default that of the code.

    >>> ServingError("NOT_FOUND", "Servable not found for request: Latest(film)").status
    404
    """

    def __init__(self, code: str, message: str, status: int | None = None):
        super().__init__(message)
        self.code = code
        self.status = status or HTTP_STATUS[code]

    @classmethod
    def of(cls, error: tf.errors.OpError) -> "ServingError":
        """The same, from an error of TensorFlow."""
        # In Python, TensorFlow tells first in which lines the model was written.
        message = error.message.rpartition("<stack traces unavailable>")[2].strip()
        return cls(_CODES[error.error_code], message)


def invalid(message: str) -> ServingError:
    """An INVALID_ARGUMENT, the most common one."""
    return ServingError("INVALID_ARGUMENT", message)

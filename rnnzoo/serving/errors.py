"""`ServingError`: the error of a request to a server."""

import tensorflow as tf

# gRPC codes and their status in TensorFlow Serving's REST API
# (model_servers/http_server.cc).
HTTP_STATUS = {
    "OK": 200, "CANCELLED": 499, "UNKNOWN": 500, "INVALID_ARGUMENT": 400,
    "DEADLINE_EXCEEDED": 504, "NOT_FOUND": 404, "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403, "RESOURCE_EXHAUSTED": 429, "FAILED_PRECONDITION": 400,
    "ABORTED": 409, "OUT_OF_RANGE": 400, "UNIMPLEMENTED": 501, "INTERNAL": 500,
    "UNAVAILABLE": 503, "DATA_LOSS": 500, "UNAUTHENTICATED": 401,
}  # fmt: skip
_CODES = list(HTTP_STATUS)  # In the order of the gRPC and TensorFlow codes.


class ServingError(Exception):
    """Error of a request that a server refuses or fails to answer.

    Args:
        code: Name of the gRPC code, such as "INVALID_ARGUMENT".
        message: Message of the server.
        status: HTTP status; by default that of the code.

    >>> ServingError("NOT_FOUND", "Servable not found for request: Latest(film)").status
    404
    """

    def __init__(self, code: str, message: str, status: int | None = None):
        super().__init__(message)
        self.code = code
        self.status = status or HTTP_STATUS[code]

    @classmethod
    def of(cls, error: tf.errors.OpError) -> "ServingError":
        """Converts a TensorFlow error."""
        # TensorFlow's message starts with the source lines of the model.
        message = error.message.rpartition("<stack traces unavailable>")[2].strip()
        return cls(_CODES[error.error_code], message)


def invalid(message: str) -> ServingError:
    """Returns an INVALID_ARGUMENT error."""
    return ServingError("INVALID_ARGUMENT", message)


def not_found(message: str) -> ServingError:
    """Returns a NOT_FOUND error."""
    return ServingError("NOT_FOUND", message)

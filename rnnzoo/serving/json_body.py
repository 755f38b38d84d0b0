"""JSON bodies of TensorFlow Serving's REST API, with its errors for invalid ones."""

import json
import math
import re

from google.protobuf import json_format
from google.protobuf.message import Message

from rnnzoo.serving.errors import invalid

_SHOWN = 256  # Characters of a value in an error message.
# Messages of Python's parser, each with that of TensorFlow Serving's parser.
_MESSAGES = {
    "Expecting value": "Invalid value.",
    "Illegal trailing comma before end of object": "Missing a name for object member.",
    "Illegal trailing comma before end of array": "Invalid value.",
    "Expecting property name": "Missing a name for object member.",
    "Expecting ':'": "Missing a colon after a name of object member.",
    "Unterminated string": "Missing a closing quotation mark in string.",
    "Invalid control character": "Invalid escape character in string.",
    "Invalid \\escape": "Invalid escape character in string.",
    "Invalid \\uXXXX escape": "Incorrect hex digit after \\u escape in string.",
}


def parse_body(body: bytes) -> dict:
    """Returns the JSON object in the body of a request.

    Keeps invalid UTF-8 as surrogates and the first value of a key. Ignores text after
    the object.

    Raises:
        ServingError: INVALID_ARGUMENT if there is no object.

    >>> parse_body(b'{"instances": ["A film."], "instances": []}')
    {'instances': ['A film.']}
    """
    text = body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    start = len(text) - len(text.lstrip(" \t\r\n"))
    if not body:
        raise invalid("JSON Parse error: The document is empty")
    if start == len(text):
        raise _parse_error("The document is empty.", text, start)
    decoder = json.JSONDecoder(
        object_pairs_hook=_first_wins, parse_float=_finite, parse_int=_integer
    )
    try:
        value, _ = decoder.raw_decode(text, start)
        if "\\u" in text:
            dump_body(value)  # Fails on escaped surrogates that are not a pair.
    except json.JSONDecodeError as error:
        raise _parse_error(_message(error), text, error.pos) from error
    except UnicodeEncodeError as error:
        message = "The surrogate pair in string is invalid."
        raise invalid(f"JSON Parse error: {message}") from error
    except RecursionError as error:
        raise invalid("JSON Parse error: The nesting is too deep.") from error
    except OverflowError as error:
        raise invalid(f"JSON Parse error: {error}") from error
    if not isinstance(value, dict):
        raise invalid(f"JSON Value: {shown(value)} Is not object")
    return value


def dump_body(value: object) -> bytes:
    """Returns JSON with NaN and infinities as literals, and surrogates as bytes."""
    text = json.dumps(value, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "surrogateescape")


def message_as_json(message: Message) -> dict:
    """Returns a protocol buffer with all fields, as the metadata show it."""
    return json_format.MessageToDict(
        message,
        preserving_proto_field_name=True,
        always_print_fields_with_no_presence=True,
    )


def shown(value: object) -> str:
    """Returns the beginning of a value for an error message.

    >>> shown([1, {"a": None}])
    '[1, {"a": null}]'
    """
    try:
        return json.dumps(value, ensure_ascii=False)[:_SHOWN]
    except RecursionError:
        return "..."


def type_name(value: object) -> str:
    """Returns the JSON type of a value for an error message.

    >>> type_name(None), type_name(True), type_name(1.5), type_name([])
    ('Null', 'True', 'Number', 'Array')
    """
    if isinstance(value, bool):
        return str(value)
    names = {dict: "Object", list: "Array", str: "String", type(None): "Null"}
    return names.get(type(value), "Number")


def _first_wins(pairs):
    members = {}
    for key, value in pairs:
        members.setdefault(key, value)
    return members


def _integer(literal):
    """Returns a signed or unsigned 64-bit integer, or a float beyond that range."""
    if len(literal) < 21 and -(2**63) <= int(literal) < 2**64:
        return int(literal)
    return _finite(literal)


def _finite(literal):
    value = float(literal)
    if math.isinf(value):
        raise OverflowError("Number too big to be stored in double.")
    return value


def _message(error):
    if error.msg.startswith("Expecting ',' delimiter"):
        if _open_bracket(error.doc[: error.pos]) == "[":
            return "Missing a comma or ']' after an array element."
        return "Missing a comma or '}' after an object member."
    matches = (text for start, text in _MESSAGES.items() if error.msg.startswith(start))
    return next(matches, error.msg)


def _open_bracket(text):
    """Returns the innermost bracket that is open at the end of a text, or ""."""
    unclosed = []
    for bracket in re.findall(r"[\[\]{}]", re.sub(r'"(?:[^"\\]|\\.)*"', "", text)):
        if bracket in "[{":
            unclosed.append(bracket)
        elif unclosed:
            unclosed.pop()
    return unclosed[-1] if unclosed else ""


def _parse_error(message, text, position):
    offset = len(text[:position].encode("utf-8", "surrogateescape"))
    return invalid(f"JSON Parse error: {message} at offset: {offset}")

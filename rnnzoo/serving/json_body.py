"""The JSON of TensorFlow Serving's REST API, and what it says of a wrong one."""

import json
import math
import re

from google.protobuf import json_format
from google.protobuf.message import Message

from rnnzoo.serving.errors import invalid

_SHOWN = 256  # bytes of a value that an error message shows
# Messages of Python's parser, each with that of the parser of TensorFlow Serving.
_TEXTS = (
    ("Expecting value", "Invalid value."),
    (
        "Illegal trailing comma before end of object",
        "Missing a name for object member.",
    ),
    ("Illegal trailing comma before end of array", "Invalid value."),
    ("Expecting property name", "Missing a name for object member."),
    ("Expecting ':'", "Missing a colon after a name of object member."),
    ("Unterminated string", "Missing a closing quotation mark in string."),
    ("Invalid control character", "Invalid escape character in string."),
    ("Invalid \\escape", "Invalid escape character in string."),
    ("Invalid \\uXXXX escape", "Incorrect hex digit after \\u escape in string."),
)


def parse_body(body: bytes) -> dict:
    """The object that a request's body holds.

    Bytes that are no UTF-8 stay what they are, as surrogates; of two values for one
    key the first counts; what follows the object is passed over.

    Raises:
        ServingError: INVALID_ARGUMENT, if there is none.

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
        object_pairs_hook=_first_wins, parse_float=_finite, parse_int=_number
    )
    try:
        value, _ = decoder.raw_decode(text, start)
        if "\\u" in text:
            dump_body(value)
    except json.JSONDecodeError as error:
        raise _parse_error(_text(error), text, error.pos) from error
    except UnicodeEncodeError as error:
        raise invalid(
            "JSON Parse error: The surrogate pair in string is invalid."
        ) from error
    except RecursionError as error:
        raise invalid("JSON Parse error: The nesting is too deep.") from error
    except OverflowError as error:
        raise invalid(f"JSON Parse error: {error}") from error
    if not isinstance(value, dict):
        raise invalid(f"JSON Value: {shown(value)} Is not object")
    return value


def dump_body(value: object) -> bytes:
    """The other way: NaN and infinities bare, surrogates as the bytes they were."""
    text = json.dumps(value, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "surrogateescape")


def message_as_json(message: Message) -> dict:
    """A message of protocol buffers with every field, as the metadata show it."""
    return json_format.MessageToDict(
        message,
        preserving_proto_field_name=True,
        always_print_fields_with_no_presence=True,
    )


def shown(value: object) -> str:
    """A value as an error message shows it: its beginning.

    >>> shown([1, {"a": None}])
    '[1, {"a": null}]'
    """
    try:
        return json.dumps(value, ensure_ascii=False)[:_SHOWN]
    except RecursionError:
        return "..."


def type_name(value: object) -> str:
    """The JSON type of a value, as error messages call it.

    >>> type_name(None), type_name(True), type_name(1.5), type_name([])
    ('Null', 'True', 'Number', 'Array')
    """
    if value is None or isinstance(value, bool):
        return {None: "Null", True: "True", False: "False"}[value]
    names = {dict: "Object", list: "Array", str: "String"}
    return names.get(type(value), "Number")


def _first_wins(pairs):
    found = {}
    for key, value in pairs:
        found.setdefault(key, value)
    return found


def _number(literal):
    """An integer of 64 bits, signed or not; beyond that a float."""
    if len(literal) < 21 and -(2**63) <= int(literal) < 2**64:
        return int(literal)
    return _finite(literal)


def _finite(literal):
    value = float(literal)
    if math.isinf(value):
        raise OverflowError("Number too big to be stored in double.")
    return value


def _text(error):
    if error.msg.startswith("Expecting ',' delimiter"):
        if _innermost(error.doc[: error.pos]) == "[":
            return "Missing a comma or ']' after an array element."
        return "Missing a comma or '}' after an object member."
    return next(
        (text for begin, text in _TEXTS if error.msg.startswith(begin)), error.msg
    )


def _innermost(text):
    """The bracket that is open at the end of a text: Python does not tell."""
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

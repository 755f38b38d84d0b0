"""Bodies of requests, and what is said of wrong ones."""

import pytest

from rnnzoo.serving import ServingError
from rnnzoo.serving.json_body import dump_body, parse_body, shown


# As RapidJSON, the parser of TensorFlow Serving, says it; run there for these texts.
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "The document is empty"),
        (b"   ", "The document is empty. at offset: 3"),
        (b"instances = [1]", "Invalid value. at offset: 0"),
        (b'{"a":+1}', "Invalid value. at offset: 5"),
        (b"{", "Missing a name for object member. at offset: 1"),
        (b"{a:1}", "Missing a name for object member. at offset: 1"),
        (b'{"a" 1}', "Missing a colon after a name of object member. at offset: 5"),
        (b'{"a":1', "Missing a comma or '}' after an object member. at offset: 6"),
        (b'{"a":[1 2]}', "Missing a comma or ']' after an array element. at offset: 8"),
        (b'{"a":1e400}', "Number too big to be stored in double."),
        (b'{"a":"\\q"}', "Invalid escape character in string. at offset: 6"),
        ('{"é": tru}'.encode(), "Invalid value. at offset: 7"),
        (b'{"a":"\\ud800"}', "The surrogate pair in string is invalid."),
        (b"[" * 100_000, "The nesting is too deep."),
    ],
)
def test_what_is_no_json(body, message):
    with pytest.raises(ServingError, match=r"^JSON Parse error: ") as raised:
        parse_body(body)
    assert message in str(raised.value)
    assert raised.value.status == 400


@pytest.mark.parametrize("body", [b"[1, 2]", b"1", b'"text"', b"null"])
def test_what_is_no_object(body):
    with pytest.raises(ServingError, match=r"^JSON Value: .* Is not object$"):
        parse_body(body)


def test_what_is_taken():
    assert parse_body(b'\xef\xbb\xbf {"a": 1, "a": 2} rest') == {"a": 1}
    assert parse_body(b'{"a": NaN, "b": -Infinity}')["b"] == float("-inf")


def test_integers_beyond_64_bits_are_floats():
    found = parse_body(b'{"a": 18446744073709551615, "b": 18446744073709551616}')
    assert [type(value) for value in found.values()] == [int, float]
    with pytest.raises(ServingError, match="Number too big"):
        parse_body(b'{"a": 1' + b"0" * 400 + b"}")


def test_bytes_that_are_no_text_pass_through():
    assert dump_body(parse_body(b'{"a": "\xff\xc3\xa9"}')) == b'{"a": "\xff\xc3\xa9"}\n'


def test_long_values_are_cut():
    assert len(shown(["word"] * 1000)) == 256

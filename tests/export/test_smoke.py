"""Requests to a written SavedModel."""

import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.export import Signature
from rnnzoo.export.smoke import ask_all

IDS = tf.TensorSpec([None, None], tf.int32, name="ids")
ROWS = [{"ids": [2]}, {"ids": [1, 2, 3]}]


def asked(function, path, rows=ROWS, half=False):
    signature = Signature(function, [IDS], rows)
    concrete = tf.function(function).get_concrete_function(IDS)
    tf.saved_model.save(tf.Module(), path, {"serving_default": concrete})
    return ask_all(path, {"serving_default": signature}, half)["serving_default"]


def test_every_row_with_its_answer(tmp_path):
    answers = asked(lambda ids: {"first": ids[:, 0]}, tmp_path)
    assert [request["ids"].tolist() for request, _ in answers] == [[[2]], [[1, 2, 3]]]
    assert [answer["first"].tolist() for _, answer in answers] == [[2], [1]]


def test_an_output_over_time_may_be_padded(tmp_path):
    asked(lambda ids: {"doubled": 2 * ids}, tmp_path)


def test_padding_that_counts_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"\{'ids': \[2\]\}.*'total'"):
        asked(lambda ids: {"total": tf.reduce_sum(ids, axis=1)}, tmp_path)


def test_rows_that_see_each_other_are_refused(tmp_path):
    def centred(ids):
        x = tf.cast(ids[:, 0], tf.float32)
        return {"score": x - tf.reduce_mean(x)}

    with pytest.raises(ValueError, match=r"\{'ids': \[2\]\}.*'score'"):
        asked(centred, tmp_path)


def of_texts(score):
    """Texts that differ in a batch, with such scores."""

    def answer(ids):
        alone = tf.shape(ids)[0] == 1
        text = tf.repeat(tf.where(alone, "a", "b"), tf.shape(ids)[0])
        return {"text": text, "score": score(tf.cast(ids[:, 0], tf.float32), alone)}

    return answer


def test_of_equally_good_texts_either_may_come(tmp_path):
    asked(of_texts(lambda x, alone: x), tmp_path / "tie")
    with pytest.raises(ValueError, match=r"\{'ids': \[2\]\}.*'(text|score)'"):
        asked(of_texts(lambda x, alone: tf.where(alone, x, x + 0.01)), tmp_path / "not")
    with pytest.raises(ValueError, match=r"'text'.*b'b'.*b'a'"):
        asked(
            lambda ids: {"text": of_texts(lambda x, _: x)(ids)["text"]},
            tmp_path / "text",
        )


def test_answers_of_other_rows_are_refused(tmp_path):
    """Whatever their scores."""

    def swapped(ids):
        text = tf.strings.as_string(ids[:, 0])
        return {"text": text[::-1], "score": tf.cast(ids[:, 0], tf.float32)}

    with pytest.raises(ValueError, match=r"'text'.*b'1'.*b'2'"):
        asked(swapped, tmp_path)


def test_in_half_precision_an_answer_may_turn(tmp_path):
    asked(of_texts(lambda x, alone: tf.where(alone, x, x + 0.1)), tmp_path, half=True)


def test_a_failing_request_is_shown(tmp_path):
    with pytest.raises(ValueError, match=r"'serving_default'.*\{'ids': \[\[2\]\]\}: "):
        asked(lambda ids: {"second": ids[:, 1]}, tmp_path)


def test_an_output_without_the_batch_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"'names'.* 1 .*\(2,\)"):
        asked(lambda ids: {"names": tf.constant(["a", "b"])}, tmp_path)


def test_what_is_no_number_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"'score'.*nan"):
        asked(lambda ids: {"score": tf.cast(ids[:, 0], tf.float32) * np.nan}, tmp_path)

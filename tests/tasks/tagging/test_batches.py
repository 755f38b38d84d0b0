"""Tagged sentences as a tagger learns from them."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.models import small

from rnnzoo.tasks.tagging.sentences import Sentence, sentence_dataset


def test_sentences_of_one_length_come_as_plain_tensors():
    rows = tf.constant([["Bonn", "lies"]] * 4)
    dataset = tf.data.Dataset.from_tensor_slices((rows, tf.fill([4, 2], "X")))
    model = small("tagging_gru", dataset)
    ((_, tags, _),) = model.pipeline(dataset)
    assert tags.shape == (4, 8)


def test_fewer_tags_than_words_in_what_is_validated(sentences):
    model = small("tagging_gru", sentences)
    rows = [Sentence(["Go", "home"], ["VERB"]), Sentence(["It"], ["PRON"])]
    with pytest.raises(tf.errors.InvalidArgumentError, match="needs one tag"):
        list(model.pipeline(sentence_dataset(rows)))


def test_batches(sentences):
    model = small("tagging_char_bilstm", sentences, word_length=5)
    seen = 0
    for ids, tags, weights in model.pipeline(sentences):
        words = ids["words"].numpy()
        assert ids["places"].shape == words.shape
        assert ids["spellings"].shape in [(words.size // 2, 5), (words.size + 1, 5)]
        assert tags.shape == words.shape
        np.testing.assert_array_equal(weights, words > 0)
        seen += words.any(axis=1).sum()
    assert seen == sentences.cardinality()


def test_ids_and_tags_stay_side_by_side(sentences):
    """In a data set where a word's tag is the word itself, and in any order."""
    twins = sentences.map(lambda tokens, tags, intent: (tokens, tokens))
    model = small("tagging_bilstm", twins)
    names = {tag.lower(): i for i, tag in enumerate(model.lexicon.tags)}
    for ids, tags, _ in model.pipeline(twins, training=True):
        for number, tag in zip(
            ids["words"].numpy().flat, tags.numpy().flat, strict=True
        ):
            if number:
                assert names[model.lexicon.vocabulary[number - 2]] == tag


def test_a_tag_or_an_intent_that_training_never_saw_does_not_count(sentences):
    model = small("tagging_bilstm", sentences, intent=True)
    odd = [
        Sentence(["Go"], ["NEW"], "order"),
        Sentence(["Go"], ["VERB"], "new"),
        Sentence(["Go", "home"], ["VERB", "NOUN"], "order"),
    ]
    (batch,) = model.pipeline(sentence_dataset(odd))
    assert batch[2]["intent"].numpy().tolist() == [0, 0, 1, 0]
    assert batch[2]["tags"].numpy().sum(axis=1).tolist() == [0, 0, 2, 0]
    losses = model.evaluate(model.pipeline(sentence_dataset(odd)), verbose=0)
    alone = model.evaluate(model.pipeline(sentence_dataset(odd[2:])), verbose=0)
    np.testing.assert_allclose(losses, alone, rtol=1e-5)


def test_rows_that_fill_a_batch_do_not_count(sentences):
    """Three sentences have one loss, in a batch of four and in one of three."""
    losses = []
    for size in (3, 4):
        keras.utils.set_random_seed(5)
        model = small("tagging_bilstm_crf", sentences, batch_size=size)
        batches = model.pipeline(sentences.take(3))
        losses.append(model.evaluate(batches, verbose=0))
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)

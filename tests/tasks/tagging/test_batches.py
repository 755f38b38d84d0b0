"""Tagged sentences as batches of ids, tags and weights."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.models import small

from rnnzoo.tasks.tagging.sentences import Sentence, sentence_dataset


def test_pipeline_takes_sentences_of_one_length():
    rows = tf.constant([["Bonn", "lies"]] * 4)
    dataset = tf.data.Dataset.from_tensor_slices((rows, tf.fill([4, 2], "X")))
    model = small("tagging_gru", dataset)
    ((_, tags, _),) = model.pipeline(dataset)
    assert tags.shape == (4, 8)


def test_pipeline_of_fewer_tags_than_words_raises(sentences):
    model = small("tagging_gru", sentences)
    rows = [Sentence(["Go", "home"], ["VERB"]), Sentence(["It"], ["PRON"])]
    with pytest.raises(ValueError, match=r"word.*tag"):
        model.pipeline(sentence_dataset(rows))


def test_batches_hold_spellings_and_weights_of_words(sentences):
    model = small("tagging_char_bilstm", sentences, word_length=5)
    seen = 0
    for ids, tags, weights in model.pipeline(sentences):
        words = ids["words"].numpy()
        assert ids["places"].shape == words.shape
        assert ids["spellings"].shape in [(words.size // 2, 5), (words.size + 1, 5)]
        assert tags.shape == words.shape
        np.testing.assert_array_equal(weights, words > 0)
        seen += len(words)
    assert seen == sentences.cardinality()


def test_shuffled_batches_keep_the_tag_of_each_word(sentences):
    """In a data set where the tag of a word is the word."""
    twins = sentences.map(lambda tokens, tags, intent: (tokens, tokens))
    model = small("tagging_bilstm", twins)
    names = {tag.lower(): i for i, tag in enumerate(model.lexicon.tags)}
    for ids, tags, _ in model.pipeline(twins, training=True):
        for number, tag in zip(
            ids["words"].numpy().flat, tags.numpy().flat, strict=True
        ):
            if number:
                assert names[model.lexicon.vocabulary[number - 2]] == tag


def test_sentences_with_an_unknown_tag_or_intent_have_no_weight(sentences):
    model = small("tagging_bilstm", sentences, intent=True)
    odd = [
        Sentence(["Go"], ["NEW"], "order"),
        Sentence(["Go"], ["VERB"], "new"),
        Sentence(["Go", "home"], ["VERB", "NOUN"], "order"),
    ]
    (batch,) = model.pipeline(sentence_dataset(odd))
    assert batch[2]["intent"].numpy().tolist() == [0, 0, 1]
    assert batch[2]["tags"].numpy().sum(axis=1).tolist() == [0, 0, 2]
    losses = model.evaluate(model.pipeline(sentence_dataset(odd)), verbose=0)
    alone = model.evaluate(model.pipeline(sentence_dataset(odd[2:])), verbose=0)
    np.testing.assert_allclose(losses, alone, rtol=1e-5)


def test_loss_of_a_padded_batch_is_that_of_its_sentences(sentences):
    """Three sentences have one loss, in a batch of four and in one of three."""
    losses = []
    for size in (3, 4):
        keras.utils.set_random_seed(5)
        model = small("tagging_bilstm_crf", sentences, batch_size=size)
        batches = model.pipeline(sentences.take(3), training=True)
        losses.append(model.evaluate(batches, verbose=0))
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


def test_weights_leave_out_sentences_with_an_unknown_tag(sentences):
    model = small("tagging_bilstm_crf", sentences)
    odd = [Sentence(["Go"], ["NEW"]), Sentence(["Go", "home"], ["VERB", "NOUN"])]
    ((_, tags, weights),) = model.pipeline(sentence_dataset(odd))
    assert tags.shape == (2, 8)
    assert weights.numpy().sum(axis=1).tolist() == [0, 2]


def test_weights_of_examples_multiply_those_of_words(sentences):
    model = small("tagging_gru", sentences)
    tokens, tags = [["Go", "home"], ["It"]], [["VERB", "NOUN"], ["PRON"]]
    examples = model.examples(tokens, tags, sample_weight=[0.5, 2.0])
    ((ids, _, weights),) = model.pipeline(examples, batch_size=2)
    words = ids["words"].numpy() > 0
    assert sorted(weights.numpy()[words]) == [0.5, 0.5, 2]
    assert not weights.numpy()[~words].any()


def test_sentences_longer_than_max_length_are_cut():
    tokens = [["a", "b", "c", "d"], ["a"]]
    model = small("tagging_char_bilstm", max_length=2)
    model.adapt(tokens, tokens)
    ((ids, tags, _),) = model.pipeline(model.examples(tokens, tokens))
    lexicon = model.lexicon
    assert ids["words"].shape == ids["places"].shape == tags.shape == (2, 2)
    long = ids["words"].numpy().sum(axis=1).argmax()
    first = [lexicon.vocabulary[i - 2] for i in ids["words"].numpy()[long]]
    assert first == [lexicon.tags[i] for i in tags.numpy()[long]] == ["a", "b"]

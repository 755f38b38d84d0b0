"""The two sides of a translation."""

import tensorflow as tf

from rnnzoo.tasks.translation.texts import TranslationTexts, encode_pairs

SETTINGS = {"lowercase": True, "longest_source": 3}


def learned(dataset, joint):
    return TranslationTexts.learn(dataset, "word", 50, joint=joint, lowercase=True)


def names(side, ids):
    """The tokens of each text, as one text."""
    pieces = side.pieces(ids).numpy().tolist()
    return [b"".join(row).decode() for row in pieces]


def test_learn_returns_one_vocabulary_or_two(translations):
    source, target = learned(translations, joint=False)
    assert " hund" in source and " hund" not in target
    both, same = learned(translations, joint=True)
    assert both is same
    assert set(both) == {*source, *target}


def test_source_ids_are_cut_before_their_end(translations):
    texts = TranslationTexts("word", *learned(translations, joint=False), **SETTINGS)
    ids = texts.source_ids(tf.constant(["EIN Hund läuft. Ein", "Frau"]))
    assert names(texts.source, ids) == [" ein hund läuft", " frau"]
    assert ids[:, 1:].numpy().tolist()[1] == [2, 0, 0]


def test_encode_pairs_returns_source_target_and_next_tokens(translations):
    texts = TranslationTexts("word", *learned(translations, joint=False), **SETTINGS)
    sources, targets = tf.constant(["Eine FRAU", " "]), tf.constant(["A Woman", "A"])
    source, target, answers = encode_pairs(texts, sources, targets, max_length=8)
    assert names(texts.source, source[:1].to_tensor()) == [" eine frau"]
    assert source[0, -1] == 2
    assert target[0, 0] == 1
    assert target[0, 1:].numpy().tolist() == answers[0, :-1].numpy().tolist()
    assert names(texts.target, answers[:1].to_tensor()) == [" a woman"]
    assert answers[0, -1] == 2
    # A pair with a blank side has no answers.
    assert answers[1].numpy().tolist() == [0, 0]


def test_encode_pairs_cuts_all_three_to_max_length(translations):
    texts = TranslationTexts("word", *learned(translations, joint=False), **SETTINGS)
    sources, targets = tf.constant(["ein hund läuft ."]), tf.constant(["a dog runs ."])
    source, target, answers = encode_pairs(texts, sources, targets, max_length=3)
    assert names(texts.source, source.to_tensor()) == [" ein hund"]
    assert source[0, -1] == 2
    assert names(texts.target, answers.to_tensor()) == [" a dog runs"]
    assert target.row_lengths() == answers.row_lengths() == 3

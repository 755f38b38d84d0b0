"""The two sides of a translation."""

import pytest
import tensorflow as tf

from rnnzoo.tasks.translation.texts import TranslationTexts

HOW = {"lowercase": True, "longest_source": 3}


def learned(dataset, joint):
    return TranslationTexts.learn(dataset, "word", 50, joint=joint, lowercase=True)


def test_one_vocabulary_or_two(translations):
    source, target = learned(translations, joint=False)
    assert " hund" in source and " hund" not in target
    both, same = learned(translations, joint=True)
    assert both is same
    assert set(both) == {*source, *target}


def test_what_is_read_and_written(translations):
    texts = TranslationTexts("word", *learned(translations, joint=False), **HOW)
    ids = texts.source_ids(tf.constant(["EIN Hund läuft. Ein", "Frau"]))
    read = texts.source.pieces(ids).numpy().tolist()
    assert [b"".join(row).decode() for row in read] == [" ein hund läuft", " frau"]
    assert ids[:, 1:].numpy().tolist()[1] == [2, 0, 0]
    (batch,) = texts.batches(
        translations.take(3), batch_size=3, max_length=8, training=False
    )
    written = {text.decode() for text in texts.target.decode(batch[1]).numpy()}
    assert written == {"a dog runs.", "a woman", "two men walk."}


def test_what_is_no_pair(reviews):
    with pytest.raises(ValueError, match=r"two scalar strings.*unbatch"):
        learned(reviews, joint=True)

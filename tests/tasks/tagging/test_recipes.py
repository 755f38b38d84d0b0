"""The tagging recipes: compiled, and learning what they should."""

import keras
import pytest
from harness.models import small

from rnnzoo.data.synthetic.names import embedded_names
from rnnzoo.layers import CRFLoss
from rnnzoo.metrics.tags import ALL, span_scores
from rnnzoo.recipes import list_recipes, tagging_bilstm, tagging_lstm
from rnnzoo.tasks.tagging.recipes import tagging
from rnnzoo.tasks.tagging.sentences import Sentence, sentence_dataset


@pytest.mark.parametrize("recipe", list_recipes("tagging_*"))
def test_compiled_with_xla_and_clipping(recipe, sentences):
    model = small(recipe, sentences)
    assert model.jit_compile
    assert model.optimizer.global_clipnorm == 1.0
    assert isinstance(model.loss, CRFLoss) == recipe.endswith("crf")


def test_every_setting_may_differ():
    model = tagging_bilstm(bidirectional=False, units=3, learning_rate=0.5)
    assert not model.get_config()["bidirectional"]
    assert model.get_config()["units"] == 3
    assert model.optimizer.learning_rate == 0.5
    with pytest.raises(ValueError, match="`learning_rate` must be a positive number"):
        tagging("gru", learning_rate=-1)
    with pytest.raises(ValueError, match="`intent_weight` must be a positive number"):
        tagging("gru", intent_weight=0)


def test_a_heavier_intent(sentences):
    """The loss is that of the tags and so many times that of the intents."""
    losses = []
    for weight in (1.0, 3.0):
        keras.utils.set_random_seed(1)
        settings = {"intent": True, "intent_weight": weight}
        model = small("tagging_gru", sentences, **settings)
        batches = model.pipeline(sentences)
        losses.append(model.evaluate(batches, verbose=0, return_dict=True))
    light, heavy = losses
    tags, intent = light["tags_loss"], light["intent_loss"]
    assert light["loss"] == pytest.approx(tags + intent, rel=1e-5)
    assert heavy["loss"] == pytest.approx(tags + 3 * intent, rel=1e-5)


@pytest.mark.slow
def test_both_directions_are_needed():
    """A clue stands before the name or after it."""
    sentences = [Sentence(*pair) for pair in embedded_names(1800, seed=1)]
    train, test = sentences[:1500], sentences[1500:]
    settings = {"units": 16, "embedding_dim": 16, "batch_size": 8, "max_length": 16}
    undropped = dict.fromkeys(["word_dropout", "embedding_dropout", "dropout"], 0.0)
    scores = []
    for recipe in (tagging_lstm, tagging_bilstm):
        model = recipe(**settings, **undropped, learning_rate=0.01)
        dataset = sentence_dataset(train)
        model.adapt(dataset)
        model.fit(model.pipeline(dataset, training=True), epochs=5, verbose=0)
        found = model.predict_tokens([sentence.tokens for sentence in test])
        answers = [answer["tags"] for answer in found]
        scores.append(span_scores([s.tags for s in test], answers)[ALL].f1)
    forward, both = scores
    assert forward < 0.8
    assert both > 0.95

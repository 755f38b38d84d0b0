"""The tagging recipes: how they are compiled, and what they learn."""

import keras
import pytest
from harness.models import small

from rnnzoo.data.synthetic.names import synthetic_names
from rnnzoo.metrics.tags import ALL, span_scores
from rnnzoo.recipes import list_recipes, tagging_bilstm, tagging_lstm
from rnnzoo.tasks.tagging.sentences import Sentence, sentence_dataset


@pytest.mark.parametrize("recipe", list_recipes("tagging_*"))
def test_recipe_is_compiled_with_xla_and_clipping(recipe, sentences):
    model = small(recipe, sentences)
    assert model.jit_compile
    assert model.optimizer.global_clipnorm == 1.0
    # The loss of a CRF is that of its layer, see `Tagger.compute_loss`.
    assert (model.loss is None) == recipe.endswith("crf")


def test_recipe_takes_every_setting_as_an_argument():
    model = tagging_bilstm(bidirectional=False, units=3, learning_rate=0.5)
    assert not model.config.bidirectional
    assert model.config.units == 3
    assert float(model.optimizer.learning_rate) == 0.5


def test_intent_weight_multiplies_the_loss_of_intents(sentences):
    """Beside 1 for the loss of tags."""
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
def test_names_are_learned_by_both_directions_only():
    """A clue stands before the name or after it."""
    sentences = [Sentence(*pair) for pair in synthetic_names(1800, seed=1)]
    train, test = sentences[:1500], sentences[1500:]
    settings = {"units": 16, "embedding_dim": 16, "batch_size": 8, "max_length": 16}
    undropped = dict.fromkeys(["word_dropout", "embedding_dropout", "dropout"], 0.0)
    scores = []
    for recipe in (tagging_lstm, tagging_bilstm):
        model = recipe(**settings, **undropped, learning_rate=0.01)
        dataset = sentence_dataset(train)
        model.adapt(dataset)
        model.fit(model.pipeline(dataset, training=True), epochs=5, verbose=0)
        answered = model.answer_tokens([sentence.tokens for sentence in test])
        answers = [answer["tags"] for answer in answered]
        scores.append(span_scores([s.tags for s in test], answers)[ALL].f1)
    forward, both = scores
    assert forward < 0.8
    assert both > 0.95

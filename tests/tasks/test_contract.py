"""What a Keras user may expect of every task, see `rnnzoo.tasks.base.Task`."""

import contextlib
import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.models import small, uncompiled
from harness.tasks import TASKS

from rnnzoo.recipes import build_recipe
from rnnzoo.tasks.base import Task

every_task = pytest.mark.parametrize("name", TASKS)
QUIET = {"verbose": 0}
METHODS = ["predict", "summary", "answer", "answer_beam", "answer_tokens", "export"]
METHODS += ["sample", "read_attention"]
ONE_BATCH = {"batch_size": 9}  # All examples: a step takes most of the time.


def unadapted(name, **settings) -> Task:
    return small(TASKS[name].RECIPE, **settings)


def adapted(name, **settings) -> Task:
    model = unadapted(name, **settings)
    model.adapt(TASKS[name].X, TASKS[name].Y)
    return model


@functools.cache
def shared(name) -> Task:
    """An adapted model for tests that need no new one: its weights may change."""
    return adapted(name)


def xy(name):
    return TASKS[name].X, TASKS[name].Y


def raw(name) -> tf.data.Dataset:
    return shared(name).examples(*xy(name))


def held_out(name):
    return TASKS[name].OTHER_X, TASKS[name].OTHER_Y


def array(values):
    """The values as a NumPy array, of lists as one of objects."""
    if not isinstance(values[0], list):
        return np.array(values)
    made = np.empty(len(values), object)
    made[:] = values
    return made


def columns_of(dataset):
    rows = dataset.as_numpy_iterator()
    return [[np.asarray(part, object).tolist() for part in row] for row in rows]


@every_task
def test_lists_arrays_and_pandas_columns_are_the_same_examples(name):
    expected = columns_of(raw(name))
    assert columns_of(shared(name).examples(*map(array, xy(name)))) == expected
    pandas = pytest.importorskip("pandas")
    assert columns_of(shared(name).examples(*map(pandas.Series, xy(name)))) == expected


@every_task
def test_fit_on_raw_examples_adapts_trains_and_lets_the_learning_rate_fall(name):
    model = unadapted(name, learning_rate=0.25, **ONE_BATCH)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.25)
    rates = []
    watch = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda *_: rates.append(float(model.optimizer.learning_rate))
    )
    log = model.fit(*xy(name), epochs=2, callbacks=[watch], validation_split=0.3)
    assert len(log.history["val_loss"]) == 2
    np.testing.assert_allclose(rates, [0.125, 0], atol=1e-6)


@every_task
def test_fit_takes_data_sets_batches_and_validation_data(name):
    model = shared(name)
    given = {"validation_data": held_out(name)}
    assert {"loss", "val_loss"} <= set(model.fit(raw(name), **given, **QUIET).history)
    batches = model.pipeline(raw(name), training=True)
    given = {"validation_data": model.pipeline(model.examples(*held_out(name)))}
    assert {"loss", "val_loss"} <= set(model.fit(batches, **given, **QUIET).history)


@every_task
def test_fit_with_steps_per_epoch_repeats_the_examples(name):
    seen = []
    count = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(batch)
    )
    options = {"epochs": 2, "steps_per_epoch": 2, "callbacks": [count], **ONE_BATCH}
    shared(name).fit(*xy(name), **options, **QUIET)
    assert len(seen) == 4  # Nine examples are one batch.


@every_task
def test_fit_mixing_raw_examples_and_batches_is_refused(name):
    model = shared(name)
    with pytest.raises(ValueError, match="mixed"):
        model.fit(raw(name), validation_data=model.pipeline(raw(name)))
    with pytest.raises(ValueError, match="mixed"):
        model.fit(model.pipeline(raw(name)), validation_data=raw(name))


@every_task
def test_sample_weight_of_zero_leaves_an_example_out(name):
    x, y = xy(name)
    one_batch = {**ONE_BATCH, **QUIET}
    keep = [1.0, 0.0, 0.0] * 3
    weighted = shared(name).evaluate(x, y, sample_weight=keep, **one_batch)[0]
    alone = shared(name).evaluate(x[::3], y[::3], batch_size=3, **QUIET)[0]
    assert weighted == pytest.approx(alone, rel=1e-5)


@every_task
def test_class_weight_is_applied_or_refused_in_a_sentence(name):
    model = shared(name)
    if model.class_names is None:
        with pytest.raises(ValueError, match="class_weight"):
            model.fit(*xy(name), class_weight={0: 2.0}, **QUIET)
        return
    with pytest.raises(ValueError, match="nothing"):
        model.fit(*xy(name), class_weight={"nothing": 2.0}, **QUIET)
    none = dict.fromkeys(model.class_names, 0.0)
    loss = model.fit(*xy(name), class_weight=none, **QUIET).history["loss"]
    assert loss == [0.0]


@every_task
def test_evaluate_has_the_loss_first_and_the_metrics_of_the_task(name):
    model = shared(name)
    logs = model.evaluate(*xy(name), return_dict=True, **QUIET)
    assert {"loss", *TASKS[name].METRICS} <= set(logs)
    assert model.evaluate(raw(name), **QUIET)[0] == pytest.approx(logs["loss"])
    batches = model.pipeline(raw(name), by_length=True)
    of_batches = model.evaluate(batches, return_dict=True, **QUIET)
    assert len(of_batches) > 1
    for metric, value in of_batches.items():
        assert value == pytest.approx(logs[metric], rel=1e-3)
    assert next(iter(model.measure(raw(name)))) == TASKS[name].METRICS[0]


@every_task
def test_predict_returns_arrays_in_the_order_of_the_inputs(name):
    model, (x, _) = shared(name), xy(name)
    together = model.predict(x, **QUIET)
    assert isinstance(together, np.ndarray)
    assert len(together) == len(x)
    of_batches = model.predict(model.pipeline(raw(name)), **QUIET)
    assert len(of_batches) == len(x)
    for one, row, of_batch in zip(x[:3], together, of_batches, strict=False):
        (alone,) = model.predict([one], **QUIET)
        np.testing.assert_allclose(row[: len(alone)], alone, rtol=1e-4, atol=1e-5)
        if together.dtype.kind == "f":  # The ids of what was written, otherwise.
            same = of_batch[: len(alone)]
            np.testing.assert_allclose(same, alone, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(model.predict(raw(name), **QUIET), together, rtol=1e-5)
    batches = model.pipeline(raw(name))
    assert len(model.predict(batches.take(1), **QUIET)) == 4


@every_task
def test_every_method_before_adapt_says_to_adapt(name):
    model = unadapted(name)
    x, examples = TASKS[name].X, model.examples(*xy(name))
    calls = [(method, x) for method in METHODS if hasattr(model, method)]
    calls += [(method, examples) for method in ("pipeline", "answer_all", "measure")]
    for method, given in calls:
        with pytest.raises(ValueError, match="adapt"):
            getattr(model, method)(given)
    for attribute in ("monitor", "class_names"):
        with contextlib.suppress(ValueError):
            getattr(model, attribute)


@every_task
def test_adapt_twice_is_refused(name):
    with pytest.raises(ValueError, match="adapted already"):
        shared(name).adapt(*xy(name))


@every_task
def test_examples_of_another_kind_are_refused_by_name(name):
    model = unadapted(name)
    names = ", ".join(column.name for column in model.columns)
    wrong = tf.data.Dataset.from_tensor_slices(np.zeros([3, 2], "float32"))
    for given in (wrong, raw(name).batch(2), 7, "one text"):
        with pytest.raises(ValueError, match=rf"Expected .*\({names}\)"):
            model.fit(given)


@every_task
def test_compute_loss_works_after_a_fit_in_a_graph(name):
    model = adapted(name)
    model.run_eagerly = model.jit_compile = False
    model.fit(*xy(name), **QUIET)
    x, y, weights = next(iter(model.pipeline(raw(name))))
    assert np.isfinite(float(model.compute_loss(x, y, model(x), weights)))


@every_task
def test_summary_shows_the_layers(name, capsys):
    shared(name).summary()
    assert "RecurrentEncoder" in capsys.readouterr().out


@every_task
def test_the_export_of_keras_answers_as_the_model(name, tmp_path):
    model = shared(name)
    model.export(tmp_path / "exported", verbose=False)
    loaded = tf.saved_model.load(str(tmp_path / "exported"))
    x, *_ = next(iter(model.pipeline(raw(name))))
    np.testing.assert_allclose(loaded.serve(x), model(x), rtol=1e-4, atol=1e-5)


@every_task
def test_saved_and_cloned_models_keep_config_and_answers(name, tmp_path):
    model = shared(name)
    model.fit(*xy(name), **QUIET)  # Creates the state of the optimizer.
    expected = model.predict(TASKS[name].X, **QUIET)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    for twin in (loaded, clone):
        assert twin.get_config() == model.get_config()
        got = twin.predict(TASKS[name].X, **QUIET)
        np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-5)
    uncompiled(loaded).fit(*xy(name), **QUIET)


def recompiled(name, optimizer) -> Task:
    """The shared model with another optimizer."""
    model = shared(name)
    model.compile(optimizer, run_eagerly=True, **model.compile_arguments())
    return model


@every_task
def test_a_frozen_layer_keeps_its_weights(name):
    encoder = next(x for x in shared(name).network.layers if "encoder" in x.name)
    encoder.trainable = False
    before = encoder.get_weights()
    recompiled(name, "adam").fit(*xy(name), **QUIET)
    for weight, kept in zip(encoder.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, kept)
    encoder.trainable = True


@every_task
def test_an_optimizer_and_a_schedule_of_the_user_are_kept(name):
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)
    optimizer = keras.optimizers.SGD(schedule)
    recompiled(name, optimizer).fit(*xy(name), **QUIET)  # Three steps.
    assert float(optimizer.learning_rate) == pytest.approx(0.1 * 0.5**1.5)


@every_task
def test_a_constant_learning_rate_can_be_set_by_callbacks(name):
    optimizer = unadapted(name, learning_rate_schedule="constant").optimizer
    before = float(optimizer.learning_rate)
    halve = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    recompiled(name, optimizer).fit(*xy(name), callbacks=[halve], **QUIET)
    assert float(optimizer.learning_rate) == pytest.approx(before / 2)


@every_task
def test_training_with_the_same_seed_gives_the_same_weights(name):
    weights = []
    for _ in range(2):
        keras.utils.set_random_seed(7)
        model = unadapted(name, **ONE_BATCH)
        model.fit(*xy(name), **QUIET)
        weights.append(model.get_weights())
    for first, second in zip(*weights, strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-5, atol=1e-7)


@every_task
def test_num_layers_is_the_number_of_recurrent_layers(name):
    if "num_layers" not in shared(name).config.settings():
        pytest.skip("The task has no such setting.")
    learned = shared(name).learned
    one, three = (
        sum(
            "recurrent_encoder" in weight.path and weight.name == "recurrent_kernel"
            for weight in unadapted(name, num_layers=n, learned=learned).weights
        )
        for n in (1, 3)
    )
    assert three == 3 * one > 0


@every_task
def test_mixed_precision_trains_and_predicts(name):
    model = unadapted(name, dtype="mixed_bfloat16", **ONE_BATCH)
    assert np.isfinite(model.fit(*xy(name), **QUIET).history["loss"]).all()
    predicted = model.predict(TASKS[name].X, **QUIET)
    assert predicted.dtype.name in ("float32", "int32")


@every_task
def test_answer_returns_a_dictionary_for_each_input(name):
    answers = shared(name).answer(TASKS[name].ASKED)
    assert len(answers) == 2
    assert all(isinstance(answer, dict) for answer in answers)
    assert shared(name).answer([]) == []


@every_task
def test_an_unknown_setting_suggests_the_nearest(name):
    with pytest.raises(TypeError, match=r"unit'.*units"):
        build_recipe(TASKS[name].RECIPE, unit=3)


@pytest.mark.parametrize("name", ["not_a_signature", "seving_default"])
def test_an_unknown_signature_lists_those_there_are(name):
    with pytest.raises(ValueError, match="serving_default"):
        shared("classification").answer(["text"], name)

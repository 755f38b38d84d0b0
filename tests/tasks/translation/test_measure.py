"""The metrics and reports of a translator on raw examples."""

import json

import pytest

from rnnzoo.data.splits import Splits


@pytest.fixture
def model(make):
    return make("translation_gru", vocabulary="word", beam_size=2)


@pytest.fixture
def data(translations):
    parts = dict.fromkeys(("train", "validation", "test"), translations.take(3))
    return Splits(name="tiny", version="1", variant="de-en", **parts)


def test_answer_all_returns_beam_and_greedy_answers(model, translations):
    texts = [text for text, _ in translations.as_numpy_iterator()]
    answers = model.answer_all(translations)
    beam = [row["translations"][0] for row in model.answer_beam(texts)]
    greedy = [row["translation"] for row in model.answer(texts)]
    assert answers == {"beam": beam, "greedy": greedy}


@pytest.mark.parametrize("figure", [None, "bleu", "exact_match"])
def test_measure_returns_the_metric_of_the_setting_first(make, translations, figure):
    model = make("translation_gru", vocabulary="word", figure=figure)
    references = [text.decode() for _, text in translations.as_numpy_iterator()]
    answers = {"beam": references, "greedy": [""] * len(references)}
    metrics = model.measure(translations, answers)
    assert next(iter(metrics)) == model.monitor == (figure or "bleu")
    assert metrics["exact_match"] == 1
    assert metrics["greedy"] == 0


def test_measure_without_answers_asks_the_model(model, translations):
    answers = model.answer_all(translations)
    assert model.measure(translations) == model.measure(translations, answers)


def test_evaluate_on_raw_examples_includes_measure(model, translations):
    logs = model.evaluate(translations, verbose=0, return_dict=True)
    assert logs.items() >= model.measure(translations).items()
    assert logs["loss"] > 0


def test_validate_scores_greedy_answers_and_prints_examples(
    model, translations, capsys
):
    metrics = model.validate(translations)
    assert metrics["bleu"] == metrics["greedy"]
    assert capsys.readouterr().out.count("  reference  ") == 3


def test_describe_returns_how_it_was_measured(model, data):
    columns = model.describe(data, model.answer_all(data.test))
    assert columns["beam_size"] == 2
    assert "case:mixed" in columns["signature"]
    assert columns["tokenized_bleu"] is None


def test_check_report_of_run_that_was_measured_differently_raises(
    model, data, tmp_path
):
    row = {"recipe": "other", "metric": "bleu", "dataset": data.title, "beam_size": 2}
    row |= {
        "split": "test (3 texts)",
        **model.describe(data, model.answer_all(data.test)),
    }
    (tmp_path / "by_length.json").write_text('{"5": 20.5}')
    (tmp_path / "metrics.json").write_text(json.dumps(row))
    model.check_report(data, beside=[tmp_path])
    (tmp_path / "metrics.json").write_text(json.dumps({**row, "beam_size": 12}))
    with pytest.raises(ValueError, match=r"beam_size.* 2 .* 12 "):
        model.check_report(data, beside=[tmp_path])


def test_check_report_of_empty_split_raises(model, data):
    with pytest.raises(ValueError, match="'validation'"):
        model.check_report(
            Splits(
                name="tiny",
                version="1",
                train=data.train,
                validation=data.validation.take(0),
                test=data.test,
            )
        )

"""The translation script, run as a user runs it."""

import json
import re
import sys

import keras
import pytest
from harness.scripts import load

from rnnzoo.tasks.translation.model import Translator
from rnnzoo.tasks.translation.scores import read_pairs, text_scores
from rnnzoo.training import runner
from rnnzoo.training.fit import read_log

TINY = [
    *("--units=4", "--embedding-dim=4", "--max-length=6", "--vocabulary=word"),
    *("--beam-size=2", "--batch-size=8"),
]


@pytest.fixture
def script(tmp_path, uncompiled_steps):
    """Its `main`, which compiles no step and writes to a temporary folder."""

    module = load("recipes/translation.py")

    def run(*arguments, output=str(tmp_path / "run")):
        places = ["--output", output, "--export-dir", str(tmp_path)]
        return module.main([*arguments, *places])

    return run


def test_script_writes_metrics_pictures_and_export(script, tmp_path, capsys):
    metrics = script("--dry-run", *TINY)
    run = tmp_path / "run" / "dry-run"
    assert json.loads((run / "metrics.json").read_text()) == metrics
    assert {path.name for path in run.iterdir()} >= {
        *("metrics.json", "epochs.csv", "by_length.json"),
        *("learning_curves.png", "attention.png", "by_length.png"),
    }
    assert metrics["metric"] == "exact_match"
    assert metrics["dataset"] == "dates 1.0.0 text-dates"
    assert "val_bleu" in read_log(run / "epochs.csv")
    assert (run / "translation_gru_attention/1/saved_model.pb").exists()
    assert not (run / "backup").exists()
    printed = capsys.readouterr().out
    # Examples after the epoch, and at the end.
    assert printed.count("\n  reference  ") == 2 * 3
    assert "nrefs:1|case:mixed" in printed


@pytest.fixture
def beam_only(monkeypatch, loads):
    """Beam search finds every reference, greedy search nothing."""
    data = Translator.load("dates")
    loads(Translator, data)
    known = {}
    for part in (data.train, data.validation, data.test):
        known |= zip(*read_pairs(part, "data"), strict=True)

    def answer(model, texts, signature="serving_default"):
        if signature == "beam":
            return [{"translations": [known[text]]} for text in texts]
        return [{"translation": ""} for text in texts]

    monkeypatch.setattr(Translator, "answer", answer)


@pytest.mark.usefixtures("unexported", "beam_only")
def test_script_measures_by_beam_and_chooses_by_greedy_search(
    script, monkeypatch, tmp_path
):
    chosen, fit_best = {}, runner.fit_best

    def watched(*arguments, **how):
        chosen.update(how)
        return fit_best(*arguments, **how)

    monkeypatch.setattr(runner, "fit_best", watched)
    metrics = script("--dry-run", *TINY, "--figure", "bleu")
    assert metrics["value"] == metrics["bleu"] == pytest.approx(100)
    assert (metrics["exact_match"], metrics["greedy"]) == (1, 0)
    assert (chosen["monitor"], chosen["mode"]) == ("val_bleu", "max")
    assert read_log(tmp_path / "run/dry-run/epochs.csv")["val_bleu"] == [0]


@pytest.mark.usefixtures("unexported", "no_training")
def test_script_without_package_raises_before_training(script, monkeypatch):
    monkeypatch.setitem(sys.modules, "sacrebleu", None)
    with pytest.raises(ImportError, match="pip install sacrebleu"):
        script("--dry-run", *TINY)


def earlier(folder, cell, **measured):
    """Writes what a finished run leaves behind; returns its folder."""
    run = folder / cell
    run.mkdir()
    signature = text_scores(["a"], ["a"])["signature"]
    about = {"recipe": f"translation_{cell}", "signature": signature, "beam_size": 2}
    about |= measured
    (run / "metrics.json").write_text(json.dumps(about))
    (run / "by_length.json").write_text('{"5": 20.5}')
    return run


@pytest.mark.usefixtures("unexported")
def test_script_trains_on_files_and_draws_other_runs_beside(
    script, tmp_path, monkeypatch
):
    """Without attention."""
    texts = {"train.de": ["Ein Hund", "Eine Frau"] * 10, "test.de": ["Ein Hund"] * 10}
    translations = {"train.en": ["A dog", "A woman"] * 10, "test.en": ["A dog"] * 10}
    for name, lines in {**texts, **translations}.items():
        (tmp_path / name).write_text("\n".join(lines) + "\n")
    files = [
        *("--train-files", str(tmp_path / "train.de"), str(tmp_path / "train.en")),
        *("--test-files", str(tmp_path / "test.de"), str(tmp_path / "test.en")),
    ]
    how = {"metric": "bleu", "dataset": "files of the user train.de-train.en"}
    how["split"] = "test.de (10 texts)"
    other, same = (earlier(tmp_path, name, **how) for name in ("lstm", "gru"))
    drawn = []
    monkeypatch.setattr(
        "rnnzoo.tasks.translation.report.draw_by_length",
        lambda *arguments: drawn.extend(arguments),
    )
    metrics = script(
        *(*files, "--recipe", "translation_gru", "--epochs", "2", *TINY),
        *("--average", "2", "--beside", str(other), str(same)),
        *("--results", str(tmp_path / "results.csv")),
    )
    assert drawn[0].pop("translation_gru").keys() == {5}
    assert drawn[0] == {"translation_lstm": {5: 20.5}, str(same): {5: 20.5}}
    assert metrics["metric"] == "bleu"
    assert metrics["split"] == "test.de (10 texts)"
    assert (tmp_path / "results.csv").read_text().startswith("recipe,dataset,split")
    assert not (tmp_path / "run" / "attention.png").exists()


@pytest.mark.usefixtures("unexported")
def test_script_measures_a_trained_run_with_another_beam(script, tmp_path, request):
    texts = ["Ein Hund", "Eine Frau"] * 10
    (tmp_path / "a.de").write_text("\n".join(texts))
    (tmp_path / "a.en").write_text("\n".join(texts))
    files = [str(tmp_path / "a.de"), str(tmp_path / "a.en")]
    asked = ["--train-files", *files, "--test-files", *files, "--epochs=1", *TINY]
    first = script(*asked)
    before = (tmp_path / "run" / "metrics.json").read_text()
    request.getfixturevalue("no_training")
    how = [*asked, "--beam-size", "3", "--trained", str(tmp_path / "run")]
    other = str(tmp_path / "other")
    second = script(*how, output=other)
    assert (first["beam_size"], second["beam_size"]) == (2, 3)
    same = ("greedy", "seconds", "epochs", "parameters")
    assert [first[name] for name in same] == [second[name] for name in same]
    assert (tmp_path / "run" / "metrics.json").read_text() == before
    # For further training: the rate of the recipe, not that of the last step.
    for run in (tmp_path / "run", tmp_path / "other"):
        model = keras.models.load_model(run / "model.keras")
        assert float(model.optimizer.learning_rate) == pytest.approx(2e-3)
    with pytest.raises(ValueError, match="units was 4, is 5"):
        script(*how, "--units=5", output=other)


@pytest.mark.usefixtures("unexported", "no_training")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("metric", "bleu"), ("dataset", "multi30k"), ("signature", "case:lc")],
        *[("split", "test (1000 texts)"), ("beam_size", 12)],
    ],
)
def test_script_beside_run_that_was_measured_otherwise_raises_before_training(
    script, tmp_path, name, value
):
    alike = {"metric": "exact_match", "dataset": "dates 1.0.0 text-dates"}
    alike["split"] = "test (24 texts)"
    other = earlier(tmp_path, "gru", **{**alike, name: value})
    message = rf"/gru: {name} is .* {re.escape(repr(value))} there"
    with pytest.raises(ValueError, match=message):
        script("--dry-run", *TINY, "--beside", str(other))

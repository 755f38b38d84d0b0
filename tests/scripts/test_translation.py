"""The translation script, run as a user runs it."""

import dataclasses
import json
import re
import sys

import keras
import pytest
import tensorflow as tf
from harness.scripts import load

from rnnzoo.metrics.texts import translation_scores
from rnnzoo.tasks.translation.data import Translations
from rnnzoo.training.fit import read_log

TINY = [
    *("--units=4", "--embedding-dim=4", "--max-length=6", "--vocabulary=word"),
    *("--beam-size=2", "--batch-size=8"),
]


@pytest.fixture
def script(tmp_path, uncompiled_steps):
    """Its `main`, which compiles no step and writes to a temporary folder."""

    def run(*arguments, module=None, output=str(tmp_path / "run")):
        module = module or load("recipes/translation.py")
        places = ["--output", output, "--export-dir", str(tmp_path)]
        return module.main([*arguments, *places])

    return run


def test_all_that_it_writes(script, tmp_path, capsys):
    metrics = script("--dry-run", *TINY)
    run = tmp_path / "run" / "dry-run"
    assert json.loads((run / "metrics.json").read_text()) == metrics
    assert {path.name for path in run.iterdir()} >= {
        *("metrics.json", "epochs.csv", "by_length.json"),
        *("learning_curves.png", "attention.png", "by_length.png"),
    }
    assert metrics["metric"] == "exact_match"
    assert metrics["dataset"] == "embedded 1.0.0 text-dates"
    assert "val_bleu" in read_log(run / "epochs.csv")
    assert (run / "translation_gru_attention/1/saved_model.pb").exists()
    assert not (run / "backup").exists()
    printed = capsys.readouterr().out
    # Samples after the epoch, and at the end.
    assert printed.count("\n  reference  ") == 2 * 3
    assert "nrefs:1|case:mixed" in printed


def searched(module, monkeypatch):
    """Beam search finds the references, greedy search nothing; what chose the epoch."""
    known, chosen = {}, {}

    def read(dataset, split):
        sources, references = reading(dataset, split)
        known.update(zip(sources, references, strict=True))
        return sources, references

    def train(*arguments, **how):
        chosen.update(how)
        return training(*arguments, **how)

    reading, training = module.read, module.train
    monkeypatch.setattr(module, "read", read)
    monkeypatch.setattr(module, "train", train)
    monkeypatch.setattr(module, "beam", lambda _, texts: [known[t] for t in texts])
    monkeypatch.setattr(module, "greedy", lambda _, texts: ["" for _ in texts])
    return chosen


@pytest.mark.usefixtures("unexported")
def test_what_is_measured_and_what_chooses(script, monkeypatch):
    module = load("recipes/translation.py")
    chosen = searched(module, monkeypatch)
    metrics = script("--dry-run", *TINY, "--figure", "bleu", module=module)
    assert metrics["value"] == metrics["bleu"] == pytest.approx(100)
    assert metrics["greedy"] == 0
    assert (chosen["monitor"], chosen["mode"]) == ("val_bleu", "max")
    assert chosen["measure"]()["val_bleu"] == 0


@pytest.mark.usefixtures("unexported")
def test_a_package_is_missed_before_training(script, monkeypatch):
    module = load("recipes/translation.py")
    monkeypatch.setitem(sys.modules, "sacrebleu", None)
    monkeypatch.setattr(module, "train", lambda *_, **__: pytest.fail("it trained"))
    with pytest.raises(ImportError, match="pip install sacrebleu"):
        script("--dry-run", *TINY, module=module)


def earlier(folder, cell, **measured):
    """What a run left behind."""
    run = folder / cell
    run.mkdir()
    signature = translation_scores(["a"], ["a"])["signature"]
    about = {"recipe": f"translation_{cell}", "signature": signature, "beam_size": 2}
    about |= measured
    (run / "metrics.json").write_text(json.dumps(about))
    (run / "by_length.json").write_text('{"5": 20.5}')
    return run


@pytest.mark.usefixtures("unexported")
def test_files_of_the_user(script, tmp_path, monkeypatch):
    """And a run beside another one, without attention."""
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
    module, drawn = load("recipes/translation.py"), []
    monkeypatch.setattr(module, "draw_by_length", lambda *args: drawn.extend(args))
    metrics = script(
        *(*files, "--recipe", "translation_gru", "--epochs", "2", *TINY),
        *("--average", "2", "--beside", str(other), str(same)),
        *("--results", str(tmp_path / "results.csv")),
        module=module,
    )
    assert drawn[0].pop("translation_gru").keys() == {5}
    assert drawn[0] == {"translation_lstm": {5: 20.5}, str(same): {5: 20.5}}
    assert metrics["metric"] == "bleu"
    assert metrics["split"] == "test.de (10 texts)"
    assert (tmp_path / "results.csv").read_text().startswith("recipe,dataset,split")
    assert not (tmp_path / "run" / "attention.png").exists()


@pytest.mark.usefixtures("unexported")
def test_what_a_run_trained_is_asked_otherwise(script, tmp_path, monkeypatch):
    texts = ["Ein Hund", "Eine Frau"] * 10
    (tmp_path / "a.de").write_text("\n".join(texts))
    (tmp_path / "a.en").write_text("\n".join(texts))
    files = [str(tmp_path / "a.de"), str(tmp_path / "a.en")]
    asked = ["--train-files", *files, "--test-files", *files, "--epochs=2", *TINY]
    first = script(*asked)
    before = (tmp_path / "run" / "metrics.json").read_text()
    monkeypatch.setattr(
        "rnnzoo.training.runner.fit_best", lambda *_, **__: pytest.fail("again")
    )
    how = [*asked, "--beam-size", "3", "--trained", str(tmp_path / "run")]
    other = str(tmp_path / "other")
    second = script(*how, output=other)
    assert (first["beam_size"], second["beam_size"]) == (2, 3)
    same = ("greedy", "seconds", "epochs", "parameters")
    assert [first[name] for name in same] == [second[name] for name in same]
    assert (tmp_path / "run" / "metrics.json").read_text() == before
    # To go on with: by the learning rate that was asked for, not the last one.
    rates = [
        keras.models.load_model(run / "model.keras").optimizer.learning_rate.numpy()
        for run in (tmp_path / "run", tmp_path / "other")
    ]
    assert rates[0] == rates[1] > 0
    with pytest.raises(ValueError, match=r"other settings \(units was 4, is 5\)"):
        script(*how, "--units=5", output=other)


@pytest.mark.usefixtures("unexported")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("metric", "bleu"), ("dataset", "multi30k"), ("signature", "case:lc")],
        *[("split", "test (1000 texts)"), ("beam_size", 12)],
    ],
)
def test_a_run_measured_otherwise_is_refused_before_training(
    script, tmp_path, monkeypatch, name, value
):
    module = load("recipes/translation.py")
    monkeypatch.setattr(module, "train", lambda *_, **__: pytest.fail("it trained"))
    alike = {"metric": "exact_match", "dataset": "embedded 1.0.0 text-dates"}
    alike["split"] = "test (24 texts)"
    other = earlier(tmp_path, "gru", **{**alike, name: value})
    message = rf"measured alike: {name} must be .*/gru is {re.escape(repr(value))}"
    with pytest.raises(ValueError, match=message):
        script("--dry-run", *TINY, "--beside", str(other), module=module)


def test_the_published_setting_is_that_of_multi30k():
    module = load("recipes/translation.py")
    texts = ["Ein Hund läuft über die Straße."]

    none = dict.fromkeys(("train", "validation", "test"))
    data = Translations("multi30k", "1.0.0", **none, source="en", target="de")
    found = module.published_setting(data, texts, [""], texts)
    assert found["tokenized_bleu"] == pytest.approx(100)
    assert found["greedy_tokenized_bleu"] == 0
    assert "lc.norm.tok by sacremoses" in found["tokenized_signature"]
    data = dataclasses.replace(data, name="multi30k:1.0.0")
    assert module.published_setting(data, texts, [""], texts) == found
    other = dataclasses.replace(data, name="tatoeba_en_fr")
    found = module.published_setting(other, texts, [""], texts)
    assert set(found.values()) == {None}


def test_a_split_without_texts():
    module = load("recipes/translation.py")
    pairs = tf.data.Dataset.from_tensor_slices((["Hund"], ["dog"]))
    assert module.read(pairs, "test") == (["Hund"], ["dog"])
    with pytest.raises(ValueError, match="no text with its translation in 'test'"):
        module.read(pairs.take(0), "test")


def test_what_is_asked_again_leaves_the_run_as_it_is():
    arguments, _ = load("recipes/translation.py").parse(["--trained", "runs/mine/"])
    assert arguments.output == "runs/mine-again"


def test_a_pair_of_languages_has_a_run_of_its_own():
    parse = load("recipes/translation.py").parse
    arguments, _ = parse(["--dataset", "multi30k", "--source", "en", "--target", "fr"])
    assert arguments.output == "runs/translation_gru_attention-multi30k-en-fr-0"
    files = ["--train-files", "my/a.en", "my/a.fr", "--test-files", "b.en", "b.fr"]
    arguments, _ = parse(files)
    assert arguments.output == "runs/translation_gru_attention-a.en-a.fr-0"


FILES = ["--train-files", "a", "b", "--test-files", "c", "d"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (FILES[:3], "--train-files and --test-files go together"),
        (["--validation-files", "a", "b"], "--validation-files goes with"),
        ([*FILES, "--dataset", "multi30k"], "--dataset and --train-files do not go"),
        ([*FILES, "--source", "de"], "--source and --target go with --dataset"),
        (["--dry-run", "--trained", "a"], "--trained takes no --dry-run"),
        (["--trained", "./run/"], "--output must not be the run that --trained"),
    ],
)
def test_arguments_that_do_not_go_together(script, capsys, arguments, message):
    with pytest.raises(SystemExit):
        script(*arguments, output="run")
    assert message in capsys.readouterr().err

"""Arguments of the scripts that go with files of the user, or with a data set."""

import pytest
from harness.scripts import load

FILES = {
    "sentiment": ["--train-file", "a", "--test-file", "b"],
    "tagging": ["--train-file", "a", "--test-file", "b"],
    "translation": ["--train-files", "a", "b", "--test-files", "c", "d"],
}
every_script = pytest.mark.parametrize("script", FILES)


@pytest.fixture
def run(no_training, tmp_path):
    def main(script, *arguments):
        load(f"recipes/{script}.py").main([*arguments, "--output", str(tmp_path)])

    return main


@every_script
def test_a_training_file_without_a_test_file_raises(run, script):
    half = len(FILES[script]) // 2
    for arguments, missing in (
        (FILES[script][:half], "test_file"),
        (FILES[script][half:], "train_file"),
    ):
        with pytest.raises(ValueError, match=f"no `{missing}"):
            run(script, *arguments)


@every_script
def test_files_beside_a_data_set_raise(run, script):
    with pytest.raises(ValueError, match=r"`train_file.*'it'"):
        run(script, *FILES[script], "--dataset", "it")


@pytest.mark.parametrize(
    ("script", "argument", "values"),
    [
        ("sentiment", "label_column", ["stars"]),
        ("sentiment", "validation_file", ["x"]),
        ("tagging", "column", ["1"]),
        ("tagging", "token_column", ["1"]),
        ("tagging", "validation_file", ["x"]),
        ("translation", "validation_files", ["a", "b"]),
    ],
)
def test_an_argument_of_files_without_files_raises(run, script, argument, values):
    with pytest.raises(ValueError, match=f"`{argument}`.*`train_file"):
        run(script, f"--{argument.replace('_', '-')}", *values)


@pytest.mark.parametrize(
    ("script", "argument"),
    [
        ("sentiment", "text"),
        ("tagging", "tags"),
        ("translation", "source"),
        ("translation", "target"),
    ],
)
def test_an_argument_of_a_data_set_with_files_raises(run, script, argument):
    with pytest.raises(ValueError, match=f"`{argument}`.*data set"):
        run(script, *FILES[script], f"--{argument}", "x")

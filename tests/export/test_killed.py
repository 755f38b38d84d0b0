"""An export that is killed leaves no version that does not load.

Minutes long; `make test-slow` runs it.
"""

import contextlib
import random
import subprocess
import sys

import pytest
import tensorflow as tf

from rnnzoo.versions import versions

KILLS = 20
SECONDS = 5.0  # About as long as an export takes.
EXPORTS = """
import sys
from rnnzoo.recipes import sentiment_gru

learned = {"vocabulary": ["good", "bad"], "class_names": ["negative", "positive"]}
model = sentiment_gru(units=4, embedding_dim=4, learned=learned)
print("ready", flush=True)
while True:
    model.export_saved_model(sys.argv[1])
    print("exported", flush=True)
"""


@pytest.mark.slow
def test_export_killed_at_any_moment_leaves_no_broken_version(tmp_path):
    rng = random.Random(0)
    loaded = set()
    for _ in range(KILLS):
        exporting = subprocess.Popen(
            [sys.executable, "-c", EXPORTS, tmp_path], stdout=subprocess.PIPE, text=True
        )
        assert exporting.stdout.readline() == "ready\n"
        with contextlib.suppress(subprocess.TimeoutExpired):
            exporting.wait(timeout=rng.uniform(0, 2 * SECONDS))
        exporting.kill()
        exporting.communicate()
        for version in set(versions(tmp_path)) - loaded:
            model = tf.saved_model.load(str(tmp_path / str(version)))
            answer = model.signatures["serving_default"](text=tf.constant(["a film"]))
            assert answer["label"].numpy()[0] in (b"negative", b"positive")
            loaded.add(version)
    assert loaded == set(range(1, len(loaded) + 1))
    assert list(tmp_path.glob(".incomplete-*")), "No export was killed on its way."

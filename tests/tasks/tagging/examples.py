"""Examples for the shared tests of tasks."""

from rnnzoo.tasks.tagging.sentences import Sentence, sentence_dataset

RECIPE = "tagging_bilstm_crf"
X = [["Bonn", "lies", "there"], ["Go", "home"], ["It"]] * 3
Y = [["PROPN", "VERB", "ADV"], ["VERB", "NOUN"], ["PRON"]] * 3
OTHER_X, OTHER_Y = [["Go", "there"]], [["VERB", "ADV"]]  # Held out.
ASKED = ["A film.", "Bonn"]
METRICS = ["accuracy", "whole_sentences"]
# What is exported by name, a recipe and its settings; the QUICK ones in every run.
EXPORTS = {
    "tagging_gru": ("tagging_gru", {}),
    "tagging_with_intents": (
        "tagging_char_bilstm_crf",
        {"intent": True, "constrained": True},
    ),
}
QUICK = {"tagging_gru", "tagging_with_intents"}
EXPORTED = [
    Sentence(["New", "York", "lies"], ["B-LOC", "I-LOC", "O"], "tell"),
    Sentence(["Go", "home", "there"], ["O", "B-LOC", "O"], "order"),
    Sentence(["It"], ["O"], "tell"),
]


def exported_examples():
    """Returns the raw examples that exported models adapt to."""
    return sentence_dataset(EXPORTED)

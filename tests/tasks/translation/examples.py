"""Examples for the shared tests of tasks."""

RECIPE = "translation_gru_attention"
X = ["Ein Hund läuft.", "Eine Frau", "Zwei Männer gehen."] * 3
Y = ["A dog runs.", "A woman", "Two men walk."] * 3
OTHER_X, OTHER_Y = ["Ein Mann"], ["A man"]  # Held out.
ASKED = ["A film.", "Bonn"]
METRICS = ["bleu", "chrf", "exact_match", "greedy"]
# What is exported by name, a recipe and its settings; the QUICK ones in every run.
EXPORTS = {
    "translation_gru_attention": ("translation_gru_attention", {}),
    "translation_without_attention": ("translation_simple_rnn", {}),
    "translation_not_conditional": (
        "translation_gru_attention",
        {"conditional": False},
    ),
    "translation_of_words": (
        "translation_gru_attention",
        {"vocabulary": "word", "lowercase": True, "coverage_penalty": 0.2},
    ),
    "translation_of_characters": (
        "translation_lstm_attention",
        {"vocabulary": "character", "joint_vocabulary": False},
    ),
}
QUICK = {"translation_gru_attention"}

"""Examples for the shared tests of tasks."""

RECIPE = "translation_gru_attention"
X = ["Ein Hund läuft.", "Eine Frau", "Zwei Männer gehen."] * 3
Y = ["A dog runs.", "A woman", "Two men walk."] * 3
OTHER_X, OTHER_Y = ["Ein Mann"], ["A man"]  # Held out.
METRICS = ["bleu", "chrf", "exact_match", "greedy"]

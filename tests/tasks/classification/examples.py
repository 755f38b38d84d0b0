"""Examples for the shared tests of tasks."""

RECIPE = "sentiment_gru"
X = ["a good film", "bad", "a bad, bad film !"] * 3
Y = [1, 0, 0] * 3
OTHER_X, OTHER_Y = ["what a film"], [1]  # Held out.
ASKED = ["A film.", "Bonn"]
METRICS = ["accuracy"]
# What is exported by name, a recipe and its settings; the QUICK ones in every run.
EXPORTS = {
    "sentiment_lstm": ("sentiment_lstm", {}),
    "sentiment_bag_of_words": ("sentiment_bag_of_words", {}),
    "sentiment_with_word_counts": ("sentiment_lstm_with_word_counts", {}),
}
QUICK = {"sentiment_lstm"}

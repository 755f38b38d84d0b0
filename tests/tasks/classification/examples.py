"""Examples for the shared tests of tasks."""

RECIPE = "sentiment_gru"
X = ["a good film", "bad", "a bad, bad film !"] * 3
Y = [1, 0, 0] * 3
OTHER_X, OTHER_Y = ["what a film"], [1]  # Held out.
METRICS = ["accuracy"]

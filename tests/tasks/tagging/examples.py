"""Examples for the shared tests of tasks."""

RECIPE = "tagging_bilstm_crf"
X = [["Bonn", "lies", "there"], ["Go", "home"], ["It"]] * 3
Y = [["PROPN", "VERB", "ADV"], ["VERB", "NOUN"], ["PRON"]] * 3
OTHER_X, OTHER_Y = [["Go", "there"]], [["VERB", "ADV"]]  # Held out.
METRICS = ["accuracy", "whole_sentences"]

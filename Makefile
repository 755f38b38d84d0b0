# The two commands of a newcomer: `make demo` and `make test`. Each makes its own
# virtual environment in .venv the first time.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
DEMO_MODEL := saved_models/sentiment_lstm

# TensorFlow's own start-up notes say nothing to a newcomer.
export TF_CPP_MIN_LOG_LEVEL ?= 3

.PHONY: demo test test-slow lint format clean

demo: $(INSTALLED)
	$(BIN)/python recipes/sentiment.py
	$(BIN)/python recipes/ask_saved_model.py $(DEMO_MODEL) \
	  "I expected something boring, but it was brilliant." \
	  "I expected something brilliant, but it was boring." \
	  "The book is dull; the film is superb. We saw it on a Friday."
	$(BIN)/python recipes/serve_and_ask.py $(DEMO_MODEL) \
	  "I expected something dull, and it was not dull but superb."

# Two processes, since many tests wait for one of their own; a file stays in one, and
# shares its models and servers.
test: $(INSTALLED)
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --durations 20

test-slow: $(INSTALLED)
	$(BIN)/python -m pytest -m slow

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: $(INSTALLED)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean:
	rm -rf .venv runs

$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --editable ".[dev]"
	touch $@

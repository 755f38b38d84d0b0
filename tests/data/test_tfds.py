"""Data sets of tensorflow-datasets: their names, and fetching them."""

import socket

import pytest
import requests
import tensorflow_datasets as tfds

from rnnzoo.data.tfds import fetch, find_builder, licence


@pytest.mark.parametrize("name", ["imdb_reviews:9.9.9", "imdb_reviews/nothing", ""])
def test_a_version_or_a_variant_that_is_not_there(name):
    with pytest.raises(ValueError, match=f"tensorflow-datasets.*'{name}'"):
        find_builder(name, "trec")


def test_capitals_in_a_name():
    with pytest.raises(ValueError, match=r"'IMDB_Reviews'.*'imdb_reviews'"):
        find_builder("IMDB_Reviews", "trec")


def test_no_such_data_set():
    with pytest.raises(ValueError, match=r"'imdb_review'.*'imdb_reviews'"):
        find_builder("imdb_review", "trec")
    with pytest.raises(ValueError, match=r"'qqqq'.*'embedded'.*trec"):
        find_builder("qqqq", "trec")


def test_licence():
    where = licence(find_builder("imdb_reviews", "trec").info)
    assert where.startswith("not stated; see http")


@pytest.fixture
def imdb(tmp_path, monkeypatch):
    """The builder of what is not prepared, on a machine without a network."""

    def unreachable(*args, **kwargs):
        raise requests.exceptions.ConnectionError("Name or service not known")

    monkeypatch.setattr(socket, "create_connection", unreachable)
    monkeypatch.setattr(requests.Session, "get", unreachable)
    return tfds.builder("imdb_reviews", data_dir=tmp_path)


@pytest.mark.parametrize("proxies", [{}, {"http": "proxy:3128"}])
def test_no_network_is_one_sentence_at_once(proxies, imdb, monkeypatch):
    monkeypatch.setattr("urllib.request.getproxies", lambda: proxies)
    with pytest.raises(ConnectionError) as error:
        fetch("imdb_reviews", imdb)
    message = str(error.value)
    assert "'imdb_reviews'" in message
    assert "ai.stanford.edu" in message
    assert "tfds build imdb_reviews" in message
    assert "'embedded'" in message
    assert "\n" not in message

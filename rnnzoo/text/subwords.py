"""Byte pair encoding, which splits rare words and has no unknown words."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise

Pair = tuple[int, int]
BYTES = 256


def learn_merges(words: Mapping[bytes, int], count: int) -> list[Pair]:
    """Learns merges of neighbouring symbols, the most frequent pairs first.

    Words start as their bytes, 0 to 255. In turn, the most frequent pair becomes a new
    symbol (Sennrich et al. 2016, arXiv 1508.07909; on bytes: Radford et al. 2019).

    Args:
        words: Number of occurrences of each word.
        count: Number of merges; fewer if no pair occurs twice any more.

    Returns:
        Merged pairs; symbol `256 + i` stands for pair `i`.

    >>> learn_merges({b"low": 5, b"lower": 2, b"new": 3}, 2)
    [(108, 111), (256, 119)]
    """
    spelled = [list(word) for word in words]
    counts = list(words.values())
    pairs, places = Counter(), defaultdict(set)
    for i, word in enumerate(spelled):
        for pair in pairwise(word):
            pairs[pair] += counts[i]
            places[pair].add(i)
    # Counts in the heap may be outdated. Such pairs are pushed again.
    heap = [(-n, pair) for pair, n in pairs.items()]
    heapify(heap)
    merges = []
    while heap and len(merges) < count:
        n, pair = heappop(heap)
        if -n != pairs[pair]:
            if pairs[pair]:
                heappush(heap, (-pairs[pair], pair))
            continue
        if -n < 2:
            break
        symbol = BYTES + len(merges)
        merges.append(pair)
        changed = set()
        for i in places.pop(pair):
            for old in pairwise(spelled[i]):
                pairs[old] -= counts[i]
            spelled[i] = merge(spelled[i], pair, symbol)
            for new in pairwise(spelled[i]):
                pairs[new] += counts[i]
                places[new].add(i)
                changed.add(new)
        for new in changed:
            heappush(heap, (-pairs[new], new))
    return merges


def merge(symbols: Sequence[int], pair: Pair, symbol: int) -> list[int]:
    """Replaces a pair by `symbol`, from the left.

    >>> merge([1, 1, 1, 2], (1, 1), 9)
    [9, 1, 2]
    """
    merged, i = [], 0
    while i < len(symbols):
        if tuple(symbols[i : i + 2]) == pair:
            merged.append(symbol)
            i += 2
        else:
            merged.append(symbols[i])
            i += 1
    return merged


def spell(merges: Iterable[Pair]) -> list[bytes]:
    """Returns the bytes of every symbol.

    >>> spell([(108, 111), (256, 119)])[256:]
    [b'lo', b'low']
    """
    pieces = [bytes([value]) for value in range(BYTES)]
    for left, right in merges:
        pieces.append(pieces[left] + pieces[right])
    return pieces

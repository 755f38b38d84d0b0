"""The schemes of tags, as seqeval has them."""

from seqeval.scheme import IOB1, IOB2, IOBES

# By name: seqeval's class, and the prefixes of its tags.
SCHEMES = {"IOB1": (IOB1, "BI"), "IOB2": (IOB2, "BI"), "IOBES": (IOBES, "BIES")}

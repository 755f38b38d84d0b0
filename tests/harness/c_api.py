"""Ask SavedModels by TensorFlow's C API: its C++ loader, XLA off, none of its Python.

    echo '{"model": "models/it/1", "inputs": {"text": ["good"]}}' | python c_api.py

A line of standard input is a request in the columnar form of TensorFlow Serving's REST
API, `{"signature_name": "serving_default", "inputs": {name: nested lists}}`, and the
folder of the `model`, with
`{"b64": "..."}` in place of a string for bytes that are not text. Its answer is a line,
`{"outputs": {name: nested lists}}` or `{"error": "..."}`. Types are the signature's.
The exit code is 1 if there was an error.
"""

import base64
import ctypes
import functools
import importlib.util
import json
import os
import sys
import types
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

DTYPES = {1: "float32", 2: "float64", 3: "int32", 7: "object", 9: "int64", 10: "bool"}
STRING = 7  # TF_STRING, in the enumeration TF_DataType as the numbers above
STRING_SIZE = 24  # sizeof(TF_TString)


class Pointer(ctypes.c_void_p):
    """A `void *`, which ctypes would turn into an integer if it had no class."""


class Output(ctypes.Structure):
    """`TF_Output`: an operation of a graph, and which of its outputs."""

    _fields_ = (("operation", Pointer), ("index", ctypes.c_int))


class Buffer(ctypes.Structure):
    """`TF_Buffer`: bytes, and what frees them."""

    _fields_ = (("data", Pointer), ("length", ctypes.c_size_t), ("free", Pointer))


RESULTS = {
    "TF_NewBuffer": ctypes.POINTER(Buffer),
    "TF_Message": ctypes.c_char_p,
    "TF_Dim": ctypes.c_int64,
    "TF_TensorByteSize": ctypes.c_size_t,
    "TF_StringGetSize": ctypes.c_size_t,
    "TF_StringGetDataPointer": Pointer,
    "TF_TensorData": Pointer,
    "TF_AllocateTensor": Pointer,
    "TF_NewStatus": Pointer,
    "TF_NewGraph": Pointer,
    "TF_NewSessionOptions": Pointer,
    "TF_LoadSessionFromSavedModel": Pointer,
    "TF_GraphOperationByName": Pointer,
}


@functools.cache
def import_tensorflow() -> tuple[ctypes.CDLL, Any]:
    """The C library and the class `MetaGraphDef`, without `tensorflow/__init__.py`."""
    spec = importlib.util.find_spec("tensorflow")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("TensorFlow is not installed.")
    package = types.ModuleType("tensorflow")  # empty: the way to the modules in it
    package.__path__ = list(spec.submodule_search_locations)
    sys.modules["tensorflow"] = package
    from tensorflow.core.protobuf.meta_graph_pb2 import MetaGraphDef

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    c = ctypes.CDLL(str(Path(package.__path__[0], "libtensorflow_cc.so.2")))
    for function, result in RESULTS.items():
        getattr(c, function).restype = result
    c._ZN10tensorflow21DisableXlaCompilationEv()  # tensorflow::DisableXlaCompilation()
    return c, MetaGraphDef


class SavedModel:
    """The signatures of the SavedModel in a folder."""

    def __init__(self, folder: str) -> None:
        self.c, meta_graph_def = import_tensorflow()
        self.graph, options = self.c.TF_NewGraph(), self.c.TF_NewSessionOptions()
        tags, buffer = (ctypes.c_char_p * 1)(b"serve"), self.c.TF_NewBuffer()
        load = (options, None, os.fsencode(folder), tags, len(tags), self.graph, buffer)
        self.session = self.checked(self.c.TF_LoadSessionFromSavedModel, *load)
        meta_graph = ctypes.string_at(buffer.contents.data, buffer.contents.length)
        signatures = meta_graph_def.FromString(meta_graph).signature_def
        self.signatures = {n: s for n, s in signatures.items() if n[:2] != "__"}

    def __call__(self, name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs of the signature `name`, by name, as nested lists."""
        if name not in self.signatures:
            raise ValueError(f"No signature {name!r} in {sorted(self.signatures)}.")
        signature = self.signatures[name]
        if set(inputs) != set(signature.inputs):
            expected = sorted(signature.inputs)
            raise ValueError(f"Inputs should be {expected}, not {sorted(inputs)}.")
        wanted = sorted(signature.outputs)
        feeds = self.places(signature.inputs[name] for name in inputs)
        fetches = self.places(signature.outputs[name] for name in wanted)
        fed = [self.tensor(inputs[n], signature.inputs[n].dtype) for n in inputs]
        given, found = (Pointer * len(fed))(*fed), (Pointer * len(wanted))()
        run = (feeds, given, len(fed), fetches, found, len(wanted), None, 0, None)
        try:
            self.checked(self.c.TF_SessionRun, self.session, None, *run)
            return dict(zip(wanted, map(self.values, found), strict=True))
        finally:
            for tensor in fed:
                for string in self.strings(tensor):
                    self.c.TF_StringDealloc(string)
            for tensor in (*given, *found):
                self.c.TF_DeleteTensor(tensor)

    def checked(self, function: Any, *arguments: Any) -> Any:
        """Call a function whose last argument is a status; raise what that says."""
        status = self.c.TF_NewStatus()
        result = function(*arguments, status)
        code, message = self.c.TF_GetCode(status), self.c.TF_Message(status).decode()
        self.c.TF_DeleteStatus(status)
        if code:
            raise RuntimeError(f"{function.__name__}, code {code}: {message}")
        return result

    def places(self, infos: Iterable[Any]) -> ctypes.Array[Output]:
        """Where tensors are in the graph; their names are like `operation:0`."""
        find, names = self.c.TF_GraphOperationByName, [i.name.split(":") for i in infos]
        found = [Output(find(self.graph, name.encode()), int(i)) for name, i in names]
        return (Output * len(found))(*found)

    def tensor(self, values: Any, dtype: int) -> Pointer:
        """A tensor with the values of nested lists."""
        array = np.array(values, DTYPES[dtype])
        size = array.size * (STRING_SIZE if dtype == STRING else array.itemsize)
        shape, size = (ctypes.c_int64 * array.ndim)(*array.shape), ctypes.c_size_t(size)
        texts = list(map(as_bytes, array.flat)) if dtype == STRING else []
        tensor = self.c.TF_AllocateTensor(dtype, shape, array.ndim, size)
        if dtype != STRING:
            ctypes.memmove(self.c.TF_TensorData(tensor), array.ctypes.data, size)
        for string, text in zip(self.strings(tensor), texts, strict=True):
            self.c.TF_StringInit(string)
            self.c.TF_StringCopy(string, text, ctypes.c_size_t(len(text)))
        return tensor

    def values(self, tensor: Pointer) -> Any:
        """The values of a tensor as nested lists."""
        c, dtype = self.c, self.c.TF_TensorType(tensor)
        shape = [c.TF_Dim(tensor, axis) for axis in range(c.TF_NumDims(tensor))]
        if dtype == STRING:
            read, size = c.TF_StringGetDataPointer, c.TF_StringGetSize
            texts = [ctypes.string_at(read(s), size(s)) for s in self.strings(tensor)]
            return np.array([t.decode() for t in texts], object).reshape(shape).tolist()
        content = ctypes.string_at(c.TF_TensorData(tensor), c.TF_TensorByteSize(tensor))
        return np.frombuffer(content, DTYPES[dtype]).reshape(shape).tolist()

    def strings(self, tensor: Pointer) -> Iterator[Pointer]:
        """Where the strings of a tensor are; none in a tensor of numbers."""
        if self.c.TF_TensorType(tensor) == STRING:
            for offset in range(0, self.c.TF_TensorByteSize(tensor), STRING_SIZE):
                yield Pointer(self.c.TF_TensorData(tensor).value + offset)


def as_bytes(text: Any) -> bytes:
    """The bytes of a string of a request, which is text or `{"b64": "..."}`."""
    return base64.b64decode(text["b64"]) if isinstance(text, dict) else text.encode()


def main() -> int:
    """Answer the requests of standard input; the exit code."""
    load, failed = functools.cache(SavedModel), False
    for line in sys.stdin:
        try:
            asked = {"signature_name": "serving_default", **json.loads(line)}
            model = load(asked["model"])
            answer = {"outputs": model(asked["signature_name"], asked["inputs"])}
        except Exception as error:  # whatever it is, the next request is answered
            answer, failed = {"error": f"{type(error).__name__}: {error}"}, True
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

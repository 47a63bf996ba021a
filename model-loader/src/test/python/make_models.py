"""Writes the small ONNX files that the engine needs in its tests, and the three casts it ships.

    python3 -m venv venv && venv/bin/pip install onnx==1.23.2
    venv/bin/python model-loader/src/test/python/make_models.py

Output is the same for the same version of onnx, so a second run leaves no difference in git.
"""

from pathlib import Path

from onnx import TensorProto, checker, helper

SOURCES = Path(__file__).resolve().parents[2]
TEST_MODELS = SOURCES / "test" / "resources" / "models"
SERVER_MODELS = SOURCES.parents[1] / "server" / "src" / "test" / "resources" / "models"
CASTS = SOURCES / "main" / "resources" / "io" / "javelin" / "loader" / "engine" / "onnx"

# Old enough for every ONNX Runtime of the last years, new enough for BF16 in Identity.
IR_VERSION = 8
OPSETS = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 1)]

TYPES = {
    "bool": TensorProto.BOOL,
    "uint8": TensorProto.UINT8,
    "uint16": TensorProto.UINT16,
    "uint32": TensorProto.UINT32,
    "uint64": TensorProto.UINT64,
    "int8": TensorProto.INT8,
    "int16": TensorProto.INT16,
    "int32": TensorProto.INT32,
    "int64": TensorProto.INT64,
    "fp16": TensorProto.FLOAT16,
    "bf16": TensorProto.BFLOAT16,
    "fp32": TensorProto.FLOAT,
    "fp64": TensorProto.DOUBLE,
    "bytes": TensorProto.STRING,
}


def tensor(name, element, shape):
    return helper.make_tensor_value_info(name, element, shape)


def save(path, nodes, inputs, outputs, initializers=(), check=True):
    graph = helper.make_graph(nodes, path.stem, inputs, outputs, list(initializers))
    model = helper.make_model(
        graph, ir_version=IR_VERSION, opset_imports=OPSETS, producer_name="javelin-tests"
    )
    if check:
        checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString(deterministic=True))


def identity(name, element, in_shape, out_shape):
    save(
        TEST_MODELS / f"{name}.onnx",
        [helper.make_node("Identity", ["INPUT"], ["OUTPUT"])],
        [tensor("INPUT", element, in_shape)],
        [tensor("OUTPUT", element, out_shape)],
    )


def identities():
    for name, element in TYPES.items():
        identity(f"identity_{name}", element, ["batch", 4], ["batch", 4])
    identity("unnamed_batch", TensorProto.FLOAT, [None, 4], [None, 4])
    identity("other_axis_name", TensorProto.FLOAT, ["batch", 4], ["detections", 4])
    identity("fixed", TensorProto.FLOAT, [2, 3], [2, 3])
    identity("dynamic_without_batch", TensorProto.FLOAT, [1, "length"], [1, "length"])
    identity("dynamic_bytes", TensorProto.STRING, ["batch", "length"], ["batch", "length"])
    identity("dynamic_uint32", TensorProto.UINT32, ["batch", "length"], ["batch", "length"])
    identity("scalar", TensorProto.INT64, [], [])


def simple():
    """Triton's quick-start model."""
    row = ["batch", 16]
    save(
        TEST_MODELS / "simple.onnx",
        [
            helper.make_node("Add", ["INPUT0", "INPUT1"], ["OUTPUT0"]),
            helper.make_node("Sub", ["INPUT0", "INPUT1"], ["OUTPUT1"]),
        ],
        [tensor("INPUT0", TensorProto.INT32, row), tensor("INPUT1", TensorProto.INT32, row)],
        [tensor("OUTPUT0", TensorProto.INT32, row), tensor("OUTPUT1", TensorProto.INT32, row)],
    )


def tokens():
    """The second dimension is the request's own: one output follows it, one has a fixed row."""
    row = ["batch", "length"]
    axes = helper.make_tensor("axes", TensorProto.INT64, [1], [1])
    save(
        TEST_MODELS / "tokens.onnx",
        [
            helper.make_node("Identity", ["TOKENS"], ["SAME"]),
            helper.make_node("ReduceSum", ["TOKENS", "axes"], ["TOTAL"], keepdims=1),
        ],
        [tensor("TOKENS", TensorProto.INT64, row)],
        [tensor("SAME", TensorProto.INT64, row), tensor("TOTAL", TensorProto.INT64, ["batch", 1])],
        [axes],
    )


def masked():
    """Rows of a length of their own with a mask: one output follows the length, one is a mean."""
    length = helper.make_tensor("length_axis", TensorProto.INT64, [1], [1])
    last = helper.make_tensor("last_axis", TensorProto.INT64, [1], [2])
    save(
        TEST_MODELS / "masked.onnx",
        [
            helper.make_node("Cast", ["MASK"], ["weights"], to=TensorProto.FLOAT),
            helper.make_node("Unsqueeze", ["weights", "last_axis"], ["wide"]),
            helper.make_node("Mul", ["VALUES", "wide"], ["WEIGHTED"]),
            helper.make_node("ReduceSum", ["WEIGHTED", "length_axis"], ["sums"], keepdims=0),
            helper.make_node("ReduceSum", ["weights", "length_axis"], ["counts"], keepdims=1),
            helper.make_node("Div", ["sums", "counts"], ["MEAN"]),
        ],
        [
            tensor("VALUES", TensorProto.FLOAT, ["batch", "length", 2]),
            tensor("MASK", TensorProto.INT64, ["batch", "length"]),
        ],
        [
            tensor("WEIGHTED", TensorProto.FLOAT, ["batch", "length", 2]),
            tensor("MEAN", TensorProto.FLOAT, ["batch", 2]),
        ],
        [length, last],
    )


def lookup():
    """Refuses an index above 3 while it runs, which no shape check can see."""
    table = helper.make_tensor("table", TensorProto.FLOAT, [4], [10.0, 11.0, 12.0, 13.0])
    save(
        TEST_MODELS / "lookup.onnx",
        [helper.make_node("Gather", ["table", "INDEX"], ["VALUE"])],
        [tensor("INDEX", TensorProto.INT64, ["batch", 1])],
        [tensor("VALUE", TensorProto.FLOAT, ["batch", 1])],
        [table],
    )


def fewer_rows():
    """Give one row for two equal ones, although no name of an axis tells."""
    to = helper.make_tensor("to", TensorProto.INT64, [2], [-1, 8])
    save(
        TEST_MODELS / "fewer_rows.onnx",
        [helper.make_node("Reshape", ["INPUT", "to"], ["OUTPUT"])],
        [tensor("INPUT", TensorProto.FLOAT, [None, 4])],
        [tensor("OUTPUT", TensorProto.FLOAT, [None, 8])],
        [to],
    )
    save(
        TEST_MODELS / "fewer_dynamic_rows.onnx",
        [helper.make_node("Unique", ["INPUT"], ["OUTPUT"], axis=0)],
        [tensor("INPUT", TensorProto.FLOAT, [None, None])],
        [tensor("OUTPUT", TensorProto.FLOAT, [None, None])],
    )


def not_tensors():
    sequence = helper.make_tensor_sequence_value_info("PARTS", TensorProto.FLOAT, ["batch", 4])
    save(
        TEST_MODELS / "sequence_output.onnx",
        [helper.make_node("SequenceConstruct", ["INPUT"], ["PARTS"])],
        [tensor("INPUT", TensorProto.FLOAT, ["batch", 4])],
        [sequence],
    )
    of_maps = helper.make_sequence_type_proto(
        helper.make_map_type_proto(
            TensorProto.INT64, helper.make_tensor_type_proto(TensorProto.FLOAT, [])
        )
    )
    save(
        TEST_MODELS / "zipmap_output.onnx",
        [
            helper.make_node(
                "ZipMap", ["INPUT"], ["PROBABILITIES"], domain="ai.onnx.ml", classlabels_int64s=[0, 1]
            )
        ],
        [tensor("INPUT", TensorProto.FLOAT, ["batch", 2])],
        [helper.make_value_info("PROBABILITIES", of_maps)],
    )


def loop():
    """As many rounds as the largest input says; every round keeps the value. A run of any length."""
    width = 64
    ones = helper.make_tensor("value", TensorProto.FLOAT, [1], [1.0])
    mean = helper.make_tensor("value", TensorProto.FLOAT, [1], [1.0 / width])
    body = helper.make_graph(
        [
            helper.make_node("MatMul", ["state", "weights"], ["next"]),
            helper.make_node("Identity", ["go"], ["go_on"]),
        ],
        "body",
        [
            tensor("round", TensorProto.INT64, []),
            tensor("go", TensorProto.BOOL, []),
            tensor("state", TensorProto.FLOAT, ["batch", width]),
        ],
        [
            tensor("go_on", TensorProto.BOOL, []),
            tensor("next", TensorProto.FLOAT, ["batch", width]),
        ],
    )
    for models in (TEST_MODELS, SERVER_MODELS):
        save(
            models / "loop.onnx",
            [
                helper.make_node("ReduceMax", ["INPUT"], ["largest"], keepdims=0),
                helper.make_node("Cast", ["largest"], ["rounds"], to=TensorProto.INT64),
                helper.make_node("ConstantOfShape", ["spread_shape"], ["spread"], value=ones),
                helper.make_node("ConstantOfShape", ["weights_shape"], ["weights"], value=mean),
                helper.make_node("MatMul", ["INPUT", "spread"], ["start"]),
                helper.make_node("Loop", ["rounds", "", "start"], ["end"], body=body),
                helper.make_node("ReduceMean", ["end"], ["OUTPUT"], axes=[1], keepdims=1),
            ],
            [tensor("INPUT", TensorProto.FLOAT, ["batch", 1])],
            [tensor("OUTPUT", TensorProto.FLOAT, ["batch", 1])],
            [
                helper.make_tensor("spread_shape", TensorProto.INT64, [2], [1, width]),
                helper.make_tensor("weights_shape", TensorProto.INT64, [2], [width, width]),
            ],
        )


def casts():
    """ONNX Runtime's Java API makes no tensor of these types, but a session can give one."""
    for bits in (16, 32, 64):
        signed, unsigned = TYPES[f"int{bits}"], TYPES[f"uint{bits}"]
        save(
            CASTS / f"to_uint{bits}.onnx",
            [helper.make_node("Cast", ["signed"], ["unsigned"], to=unsigned)],
            [tensor("signed", signed, None)],
            [tensor("unsigned", unsigned, None)],
            check=False,  # the checker wants a shape; without one any rank may come
        )


if __name__ == "__main__":
    identities()
    simple()
    tokens()
    masked()
    lookup()
    fewer_rows()
    not_tensors()
    loop()
    casts()

"""ONNX graphs of the demo models, built node by node so that the signature is ours.

Every graph takes one float32 matrix with the dynamic dimension `batch` and gives `label` (int64
[batch]) and `probabilities` (float32 [batch, classes]). Scaling is part of the graph: clients send raw
values.
"""

from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8
BATCH = "batch"


@dataclass(frozen=True)
class Signature:
    """What the versions of one model have in common, so that they can be swapped."""

    model: str
    input_name: str
    columns: int
    classes: int


class GraphBuilder:
    """Chains nodes: each method appends to the graph and moves `self.value` to the new result."""

    def __init__(self, signature: Signature):
        self._signature = signature
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self.value = signature.input_name

    def scale(self, center: np.ndarray | None, scale: np.ndarray) -> "GraphBuilder":
        """(x - center) / scale; without `center` only the division."""
        if center is not None:
            self._append("Sub", self._float_constant("center", center))
        return self._append("Div", self._float_constant("scale", scale))

    def reshape(self, *shape: int) -> "GraphBuilder":
        """A 0 keeps the dimension of the input, here always the batch."""
        return self._append("Reshape", self._constant("shape", np.array(shape, np.int64)))

    def dense(self, weight: np.ndarray, bias: np.ndarray) -> "GraphBuilder":
        return self._append(
            "Gemm", self._float_constant("weight", weight), self._float_constant("bias", bias)
        )

    def convolution(self, weight: np.ndarray, bias: np.ndarray) -> "GraphBuilder":
        """3x3 kernels [out, in, 3, 3], zero padding of one pixel."""
        kernel, offset = self._float_constant("kernel", weight), self._float_constant("bias", bias)
        return self._append("Conv", kernel, offset, kernel_shape=[3, 3], pads=[1, 1, 1, 1])

    def relu(self) -> "GraphBuilder":
        return self._append("Relu")

    def max_pool(self) -> "GraphBuilder":
        return self._append("MaxPool", kernel_shape=[2, 2], strides=[2, 2])

    def flatten(self) -> "GraphBuilder":
        return self._append("Flatten", axis=1)

    def classify(self, version: int) -> onnx.ModelProto:
        """Ends the graph: logits become probabilities and the most probable class, checked as ONNX."""
        node = helper.make_node
        self._nodes.append(node("Softmax", [self.value], ["probabilities"], axis=1))
        self._nodes.append(node("ArgMax", ["probabilities"], ["label"], axis=1, keepdims=0))
        signature, info = self._signature, helper.make_tensor_value_info
        graph = helper.make_graph(
            self._nodes,
            f"{signature.model}-{version}",
            [info(signature.input_name, TensorProto.FLOAT, [BATCH, signature.columns])],
            [
                info("label", TensorProto.INT64, [BATCH]),
                info("probabilities", TensorProto.FLOAT, [BATCH, signature.classes]),
            ],
            self._constants,
        )
        opsets = [helper.make_opsetid("", OPSET)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
        model.producer_name, model.model_version = "javelin-demo", version
        onnx.checker.check_model(model, full_check=True)
        return model

    def _append(self, operator: str, *constants: str, **attributes) -> "GraphBuilder":
        result = f"{operator.lower()}_{len(self._nodes)}"
        inputs = [self.value, *constants]
        self._nodes.append(helper.make_node(operator, inputs, [result], **attributes))
        self.value = result
        return self

    def _float_constant(self, role: str, values: np.ndarray) -> str:
        return self._constant(role, np.ascontiguousarray(values, np.float32))

    def _constant(self, role: str, values: np.ndarray) -> str:
        name = f"{role}_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(values, name))
        return name

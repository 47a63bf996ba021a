"""Trains the demo models and writes everything the demo serves and checks.

    python train.py

writes, beside this file: `registry/<model>/<version>/model.onnx`, the held-out rows `data/<model>.csv`,
the golden answers `golden/<model>-<version>.json`, and the figures in README.md. A second run with the
pinned packages on the same machine writes the same bytes.

The order is: split, choose and train on the training rows only, export to ONNX, and only then measure
the exported graph in ONNX Runtime on the held-out rows.
"""

import csv
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, log_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_score, train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from convnet import ConvNet
from graphs import GraphBuilder, Signature

SEED = 20240611
HELD_OUT_SHARE = 0.3
FOLDS = 5
GOLDEN_ROWS = 16
TOLERANCE = 1e-4
# Closer than this, the label of a golden row could differ between machines by rounding alone.
MIN_GOLDEN_MARGIN = 0.01
MAX_FILE_BYTES = 200_000

HERE = Path(__file__).resolve().parent
CANCER = Signature("cancer", "features", 30, 2)
DIGITS = Signature("digits", "pixels", 64, 10)
PIXEL_MAX = 16
IMAGE = (1, 8, 8)

# From training rows and labels to a graph.
Trainer = Callable[[np.ndarray, np.ndarray], onnx.ModelProto]


@dataclass(frozen=True)
class Split:
    """One data set as float32 rows, cut into training and held-out rows."""

    columns: list[str]
    train_rows: np.ndarray
    train_labels: np.ndarray
    test_rows: np.ndarray
    test_labels: np.ndarray


@dataclass(frozen=True)
class Version:
    """A model version: what it is, and how to train it."""

    number: int
    description: str
    train: Trainer


@dataclass(frozen=True)
class Served:
    """A trained version with what ONNX Runtime answers for the held-out rows."""

    version: Version
    cv_accuracy: float
    file_bytes: int
    label: np.ndarray
    probabilities: np.ndarray


def split(columns: list[str], rows: np.ndarray, labels: np.ndarray) -> Split:
    rows, labels = rows.astype(np.float32), labels.astype(np.int64)
    train_rows, test_rows, train_labels, test_labels = train_test_split(
        rows, labels, test_size=HELD_OUT_SHARE, stratify=labels, random_state=SEED
    )
    return Split(columns, train_rows, train_labels, test_rows, test_labels)


def cancer_split() -> Split:
    bunch = load_breast_cancer()
    return split([name.replace(" ", "_") for name in bunch.feature_names], bunch.data, bunch.target)


def digits_split() -> Split:
    bunch = load_digits()
    return split(list(bunch.feature_names), bunch.data, bunch.target)


def train_cancer_logistic(rows: np.ndarray, labels: np.ndarray) -> onnx.ModelProto:
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(C=1.0, max_iter=1000).fit(scaler.transform(rows), labels)
    # Softmax over (-z/2, z/2) is the logistic function of z.
    weight = np.stack([-model.coef_[0] / 2, model.coef_[0] / 2], axis=1)
    bias = np.array([-model.intercept_[0] / 2, model.intercept_[0] / 2])
    builder = GraphBuilder(CANCER).scale(scaler.mean_, scaler.scale_)
    return builder.dense(weight, bias).classify(version=1)


def train_cancer_mlp(rows: np.ndarray, labels: np.ndarray) -> onnx.ModelProto:
    scaler = StandardScaler().fit(rows)
    network = MLPClassifier((32, 16), alpha=3.0, solver="lbfgs", max_iter=1000, random_state=SEED)
    network.fit(scaler.transform(rows), labels)
    # For two classes scikit-learn has one output, the logit of class 1: split it as above.
    weights, biases = list(network.coefs_), list(network.intercepts_)
    weights[-1] = np.concatenate([-weights[-1] / 2, weights[-1] / 2], axis=1)
    biases[-1] = np.concatenate([-biases[-1] / 2, biases[-1] / 2])
    builder = GraphBuilder(CANCER).scale(scaler.mean_, scaler.scale_)
    return add_perceptron(builder, weights, biases).classify(version=2)


def train_digits_mlp(rows: np.ndarray, labels: np.ndarray) -> onnx.ModelProto:
    network = MLPClassifier(
        (64,), alpha=1e-3, learning_rate_init=3e-3, max_iter=500, random_state=SEED
    ).fit(rows / PIXEL_MAX, labels)
    builder = GraphBuilder(DIGITS).scale(None, np.array(PIXEL_MAX))
    return add_perceptron(builder, network.coefs_, network.intercepts_).classify(version=1)


def train_digits_cnn(rows: np.ndarray, labels: np.ndarray) -> onnx.ModelProto:
    network = ConvNet(SEED).fit((rows / PIXEL_MAX).reshape(-1, *IMAGE), labels)
    builder = GraphBuilder(DIGITS).scale(None, np.array(PIXEL_MAX)).reshape(0, *IMAGE)
    builder.convolution(*network.conv1.parameters()).relu()
    builder.convolution(*network.conv2.parameters()).relu()
    return builder.max_pool().flatten().dense(*network.dense.parameters()).classify(version=2)


def add_perceptron(
    builder: GraphBuilder, weights: list[np.ndarray], biases: list[np.ndarray]
) -> GraphBuilder:
    """Dense layers with a rectifier between them, none after the last."""
    for layer, (weight, bias) in enumerate(zip(weights, biases)):
        if layer > 0:
            builder.relu()
        builder.dense(weight, bias)
    return builder


def session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    content = model.SerializeToString(deterministic=True)
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def run(model: onnx.ModelProto, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Labels and probabilities from ONNX Runtime."""
    runtime = session(model)
    label, probabilities = runtime.run(None, {runtime.get_inputs()[0].name: rows})
    return label, probabilities


def folds() -> StratifiedKFold:
    return StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)


def cross_validated_accuracy(train: Trainer, data: Split) -> float:
    """Mean accuracy over folds of the training rows; held-out rows play no part in any choice."""
    rows, labels = data.train_rows, data.train_labels
    scores = [
        np.mean(run(train(rows[fit], labels[fit]), rows[check])[0] == labels[check])
        for fit, check in folds().split(rows, labels)
    ]
    return float(np.mean(scores))


def boosting_accuracy(data: Split) -> float:
    """The rejected candidate for cancer version 2, on the same folds."""
    model = GradientBoostingClassifier(
        n_estimators=200, max_depth=2, subsample=0.7, random_state=SEED
    )
    return float(cross_val_score(model, data.train_rows, data.train_labels, cv=folds()).mean())


def check_signature(model: onnx.ModelProto, signature: Signature) -> None:
    """Refuses a graph that ONNX Runtime does not see with the promised names, types and shapes."""
    runtime = session(model)
    seen = [(t.name, t.type, t.shape) for t in runtime.get_inputs() + runtime.get_outputs()]
    promised = [
        (signature.input_name, "tensor(float)", ["batch", signature.columns]),
        ("label", "tensor(int64)", ["batch"]),
        ("probabilities", "tensor(float)", ["batch", signature.classes]),
    ]
    if seen != promised:
        raise ValueError(f"{model.graph.name} has the signature {seen}, expected {promised}")


def check_batching(model: onnx.ModelProto, rows: np.ndarray) -> float:
    """Refuses a graph whose answer for a row depends on its batch; returns the largest difference."""
    _, together = run(model, rows)
    largest = 0.0
    for batch in (1, 3, 64):
        parts = [run(model, rows[at : at + batch])[1] for at in range(0, len(rows), batch)]
        largest = max(largest, float(np.abs(np.concatenate(parts) - together).max()))
    if largest > TOLERANCE / 10:
        raise ValueError(f"{model.graph.name} differs by {largest} between batch sizes")
    return largest


def serve(signature: Signature, version: Version, data: Split) -> Served:
    """Trains, checks, writes the model file, and runs it on the held-out rows."""
    cv_accuracy = cross_validated_accuracy(version.train, data)
    model = version.train(data.train_rows, data.train_labels)
    check_signature(model, signature)
    difference = check_batching(model, data.test_rows)
    content = model.SerializeToString(deterministic=True)
    if len(content) > MAX_FILE_BYTES:
        raise ValueError(f"{model.graph.name} has {len(content)} bytes, at most {MAX_FILE_BYTES}")
    path = HERE / "registry" / signature.model / str(version.number) / "model.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    print(f"{model.graph.name}: {len(content)} bytes, {difference:.1e} between batch sizes")
    return Served(version, cv_accuracy, len(content), *run(model, data.test_rows))


def write_held_out(signature: Signature, data: Split) -> None:
    """One line per row; the shortest decimal that reads back as the same float32."""
    path = HERE / "data" / f"{signature.model}.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*data.columns, "label"])
        for row, label in zip(data.test_rows, data.test_labels):
            writer.writerow([*map(decimal, row), label])
    back = np.loadtxt(path, np.float32, delimiter=",", skiprows=1)
    if not np.array_equal(back[:, :-1], data.test_rows):
        raise ValueError(f"{path} does not read back as the same float32 values")


def decimal(value: np.float32) -> str:
    return np.format_float_positional(value, trim="-")


def golden_rows(data: Split) -> np.ndarray:
    """Held-out rows evenly spread over the classes."""
    by_class = np.argsort(data.test_labels, kind="stable")
    return by_class[np.linspace(0, len(by_class) - 1, GOLDEN_ROWS).round().astype(int)]


def write_golden(signature: Signature, served: Served, data: Split) -> None:
    """Inputs with the outputs of ONNX Runtime; another runtime must agree within the tolerance."""
    chosen = golden_rows(data)
    label, probabilities = served.label[chosen], served.probabilities[chosen]
    best_two = np.sort(probabilities, axis=1)[:, -2:]
    margin = float((best_two[:, 1] - best_two[:, 0]).min())
    if margin < MIN_GOLDEN_MARGIN:
        raise ValueError(f"golden row with margin {margin}, at least {MIN_GOLDEN_MARGIN}")
    lines = [
        "{",
        f' "model": {json.dumps(signature.model)},',
        f' "version": {served.version.number},',
        f' "inputs": {{"{signature.input_name}": {json_matrix(data.test_rows[chosen])}}},',
        f' "outputs": {{"label": {json.dumps(label.tolist())},',
        f'  "probabilities": {json_matrix(probabilities)}}},',
        f' "tolerance": {TOLERANCE}',
        "}",
    ]
    path = HERE / "golden" / f"{signature.model}-{served.version.number}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    json.loads(path.read_text(encoding="utf-8"))


def json_matrix(matrix: np.ndarray) -> str:
    """One row per line."""
    rows = ("[" + ",".join(map(str, row)) + "]" for row in matrix)
    return "[\n  " + ",\n  ".join(rows) + "]"


def wilson_interval(right: int, rows: int) -> tuple[float, float]:
    """95 % confidence interval of a share (Wilson, 1927)."""
    z = 1.959964
    share, scale = right / rows, 1 + z * z / rows
    middle = share + z * z / (2 * rows)
    half = z * math.sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows))
    return (middle - half) / scale, (middle + half) / scale


def metrics_row(signature: Signature, served: Served, data: Split) -> str:
    """A line of the table in the model card."""
    truth, probabilities = data.test_labels, served.probabilities.astype(np.float64)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    right = int((served.label == truth).sum())
    low, high = wilson_interval(right, len(truth))
    scores = probabilities[:, 1] if signature.classes == 2 else probabilities
    cells = [
        f"{signature.model} {served.version.number}",
        served.version.description,
        f"{served.cv_accuracy:.4f}",
        f"{right / len(truth):.4f} ({right} of {len(truth)})",
        f"{low:.3f} to {high:.3f}",
        f"{log_loss(truth, probabilities):.4f}",
        f"{roc_auc_score(truth, scores, multi_class='ovr'):.4f}",
        f"{f1_score(truth, served.label, average='macro'):.4f}",
        f"{served.file_bytes / 1000:.1f} kB",
    ]
    return f"| {' | '.join(cells)} |"


def comparison(signature: Signature, first: Served, second: Served, data: Split) -> str:
    """How often the two versions differ, which is what a shadow or an A/B test would see."""
    truth = data.test_labels
    agree = int((first.label == second.label).sum())
    only_first = int(((first.label == truth) & (second.label != truth)).sum())
    only_second = int(((second.label == truth) & (first.label != truth)).sum())
    return (
        f"- `{signature.model}`: the versions give the same label on {agree} of {len(truth)} rows; only"
        f" version 1 is right on {only_first}, only version 2 on {only_second}."
    )


def missed_malignant(served: list[Served], data: Split) -> str:
    """The costly error of the cancer models: malignant (class 0) called benign."""
    malignant = data.test_labels == 0
    missed = [int((s.label[malignant] != 0).sum()) for s in served]
    return (
        f"- `cancer`: of {int(malignant.sum())} malignant rows, version 1 calls {missed[0]} benign,"
        f" version 2 {missed[1]}."
    )


def write_figures(lines: list[str]) -> None:
    """Replaces the figures between the two markers of README.md, and prints them."""
    begin, end = "<!-- figures: written by train.py -->\n", "<!-- end of figures -->"
    path = HERE / "README.md"
    before, rest = path.read_text(encoding="utf-8").split(begin)
    after = rest.split(end)[1]
    text = "\n".join(lines)
    path.write_text(f"{before}{begin}{text}\n{end}{after}", encoding="utf-8")
    print(text)


def main() -> None:
    plan = [
        (
            CANCER,
            cancer_split(),
            [
                Version(1, "logistic regression", train_cancer_logistic),
                Version(2, "MLP 30-32-16-1", train_cancer_mlp),
            ],
        ),
        (
            DIGITS,
            digits_split(),
            [
                Version(1, "MLP 64-64-10", train_digits_mlp),
                Version(2, "CNN, 2 convolutions", train_digits_cnn),
            ],
        ),
    ]
    table = [
        "| Version | Network | Cross-validated accuracy | Held-out accuracy | 95 % interval | Log loss"
        " | ROC AUC | Macro F1 | File |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    notes = []
    for signature, data, versions in plan:
        write_held_out(signature, data)
        served = [serve(signature, version, data) for version in versions]
        for one in served:
            write_golden(signature, one, data)
            table.append(metrics_row(signature, one, data))
        notes.append(comparison(signature, *served, data))
        if signature is CANCER:
            notes.append(missed_malignant(served, data))
            notes.append(
                "- `cancer`: gradient boosting, the other candidate for version 2, reached"
                f" {boosting_accuracy(data):.4f} in the same cross-validation."
            )
    write_figures([*table, "", *notes])


if __name__ == "__main__":
    # Sums in several threads may round differently from run to run.
    with threadpool_limits(1):
        main()

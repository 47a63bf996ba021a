"""A small convolution network for 8x8 images, trained with NumPy alone.

PyTorch would do the same in fewer lines, but its default Linux package weighs gigabytes; a network of
ten thousand weights does not need it. Images are float32 arrays [n, channels, height, width], as ONNX
lays them out, so the trained weights go into the graph without reordering.
"""

import math
from dataclasses import dataclass

import numpy as np

KERNEL = 3
PADDING = 1


class Convolution:
    """3x3 convolution that keeps height and width (zero padding of one pixel)."""

    def __init__(self, channels_in: int, channels_out: int, rng: np.random.Generator):
        fan_in = channels_in * KERNEL * KERNEL
        self.weight = he_normal((channels_out, channels_in, KERNEL, KERNEL), fan_in, rng)
        self.bias = np.zeros(channels_out, np.float32)

    def forward(self, images: np.ndarray) -> np.ndarray:
        n, _, height, width = images.shape
        self._patches = patches(images)
        flat = self._patches @ self._weight_matrix().T + self.bias
        return flat.reshape(n, height, width, -1).transpose(0, 3, 1, 2)

    def backward(self, grad: np.ndarray) -> np.ndarray:
        """Stores the gradients of the weights and returns the gradient of the images."""
        flat = grad.transpose(0, 2, 3, 1).reshape(-1, grad.shape[1])
        self.grads = [(flat.T @ self._patches).reshape(self.weight.shape), flat.sum(axis=0)]
        # The gradient of a same-size convolution is the convolution with flipped, transposed kernels.
        flipped = self.weight[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
        n, _, height, width = grad.shape
        flat_in = patches(grad) @ flipped.reshape(flipped.shape[0], -1).T
        return flat_in.reshape(n, height, width, -1).transpose(0, 3, 1, 2)

    def parameters(self) -> list[np.ndarray]:
        return [self.weight, self.bias]

    def _weight_matrix(self) -> np.ndarray:
        return self.weight.reshape(self.weight.shape[0], -1)


class Dense:
    """Fully connected layer on the flattened input."""

    def __init__(self, size_in: int, size_out: int, rng: np.random.Generator):
        self.weight = he_normal((size_in, size_out), size_in, rng)
        self.bias = np.zeros(size_out, np.float32)

    def forward(self, values: np.ndarray) -> np.ndarray:
        self._shape = values.shape
        self._rows = values.reshape(len(values), -1)
        return self._rows @ self.weight + self.bias

    def backward(self, grad: np.ndarray) -> np.ndarray:
        self.grads = [self._rows.T @ grad, grad.sum(axis=0)]
        return (grad @ self.weight.T).reshape(self._shape)

    def parameters(self) -> list[np.ndarray]:
        return [self.weight, self.bias]


class Relu:
    """Rectifier: negative values become zero."""

    grads: list[np.ndarray] = []

    def forward(self, values: np.ndarray) -> np.ndarray:
        self._positive = values > 0
        return values * self._positive

    def backward(self, grad: np.ndarray) -> np.ndarray:
        return grad * self._positive

    def parameters(self) -> list[np.ndarray]:
        return []


class MaxPool:
    """Largest value of each 2x2 block."""

    grads: list[np.ndarray] = []

    def forward(self, images: np.ndarray) -> np.ndarray:
        n, channels, height, width = images.shape
        blocks = images.reshape(n, channels, height // 2, 2, width // 2, 2)
        blocks = blocks.transpose(0, 1, 2, 4, 3, 5).reshape(n, channels, height // 2, width // 2, 4)
        self._winner = blocks.argmax(axis=-1)[..., None]
        return np.take_along_axis(blocks, self._winner, axis=-1)[..., 0]

    def backward(self, grad: np.ndarray) -> np.ndarray:
        n, channels, height, width = grad.shape
        blocks = np.zeros((*grad.shape, 4), grad.dtype)
        np.put_along_axis(blocks, self._winner, grad[..., None], axis=-1)
        blocks = blocks.reshape(n, channels, height, width, 2, 2).transpose(0, 1, 2, 4, 3, 5)
        return blocks.reshape(n, channels, height * 2, width * 2)

    def parameters(self) -> list[np.ndarray]:
        return []


class Adam:
    """Adam optimiser (Kingma and Ba, 2015) with decoupled weight decay on matrices and kernels."""

    def __init__(self, parameters: list[np.ndarray], weight_decay: float):
        self._parameters = parameters
        self._weight_decay = weight_decay
        self._mean = [np.zeros_like(p) for p in parameters]
        self._square = [np.zeros_like(p) for p in parameters]
        self._step = 0

    def step(self, grads: list[np.ndarray], rate: float) -> None:
        """Moves every parameter in place by one step of the learning rate `rate`."""
        self._step += 1
        rate_corrected = rate * math.sqrt(1 - 0.999**self._step) / (1 - 0.9**self._step)
        for parameter, grad, mean, square in zip(self._parameters, grads, self._mean, self._square):
            mean += 0.1 * (grad - mean)
            square += 0.001 * (grad * grad - square)
            if parameter.ndim > 1:
                parameter -= rate * self._weight_decay * parameter
            parameter -= rate_corrected * mean / (np.sqrt(square) + 1e-8)


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to train. The rate falls from `rate` to zero along half a cosine."""

    epochs: int = 40
    batch_rows: int = 32
    rate: float = 2e-3
    weight_decay: float = 1e-2


class ConvNet:
    """conv 1-16, conv 16-32, 2x2 max-pool, dense 512-10; a rectifier follows each convolution."""

    def __init__(self, seed: int):
        self._rng = np.random.default_rng(seed)
        self.conv1 = Convolution(1, 16, self._rng)
        self.conv2 = Convolution(16, 32, self._rng)
        self.dense = Dense(32 * 4 * 4, 10, self._rng)
        self._layers = [self.conv1, Relu(), self.conv2, Relu(), MaxPool(), self.dense]

    def logits(self, images: np.ndarray) -> np.ndarray:
        for layer in self._layers:
            images = layer.forward(images)
        return images

    def fit(self, images: np.ndarray, labels: np.ndarray, schedule: Schedule = Schedule()) -> "ConvNet":
        """Minimises the cross entropy on images that are shifted at random by up to one pixel."""
        adam = Adam([p for layer in self._layers for p in layer.parameters()], schedule.weight_decay)
        steps = schedule.epochs * math.ceil(len(images) / schedule.batch_rows)
        done = 0
        for _ in range(schedule.epochs):
            order = self._rng.permutation(len(images))
            for start in range(0, len(images), schedule.batch_rows):
                batch = order[start : start + schedule.batch_rows]
                grads = self._gradients(shifted(images[batch], self._rng), labels[batch])
                adam.step(grads, schedule.rate * 0.5 * (1 + math.cos(math.pi * done / steps)))
                done += 1
        return self

    def _gradients(self, images: np.ndarray, labels: np.ndarray) -> list[np.ndarray]:
        grad = softmax(self.logits(images))
        grad[np.arange(len(labels)), labels] -= 1  # softmax and cross entropy, derived together
        grad /= np.float32(len(labels))
        for layer in reversed(self._layers):
            grad = layer.backward(grad)
        return [g for layer in self._layers for g in layer.grads]


def he_normal(shape: tuple[int, ...], fan_in: int, rng: np.random.Generator) -> np.ndarray:
    """Initial weights for rectifiers (He et al., 2015)."""
    return (rng.standard_normal(shape) * math.sqrt(2 / fan_in)).astype(np.float32)


def softmax(logits: np.ndarray) -> np.ndarray:
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


def padded(images: np.ndarray) -> np.ndarray:
    border = (PADDING, PADDING)
    return np.pad(images, ((0, 0), (0, 0), border, border))


def patches(images: np.ndarray) -> np.ndarray:
    """The 3x3 neighbourhood of every pixel as one row: [n * height * width, channels * 9]."""
    windows = np.lib.stride_tricks.sliding_window_view(padded(images), (KERNEL, KERNEL), axis=(2, 3))
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, images.shape[1] * KERNEL * KERNEL)


def shifted(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each image moved by -1, 0 or 1 pixel down and right; the free edge is blank."""
    n, _, height, width = images.shape
    windows = np.lib.stride_tricks.sliding_window_view(padded(images), (height, width), axis=(2, 3))
    down, right = rng.integers(0, 2 * PADDING + 1, (2, n))
    return windows[np.arange(n), :, down, right]

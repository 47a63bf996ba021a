package io.javelin.benchmarks.bench.model;

import io.javelin.benchmarks.bench.model.OnnxGraph.Attribute;
import java.util.List;

/// The graphs of the benchmark models. Pure: the same seed gives the same bytes.
///
/// Weights are scaled by one over the root of the inputs of a neuron, so that values neither vanish
/// nor overflow: denormal numbers would make a run slower than that of a trained model.
final class ModelGraphs {
  static final int TX_TOKENS = 64;
  static final int TX_VOCABULARY = 8192;

  private static final int TX_WIDTH = 128;
  private static final int TX_HEADS = 4;
  private static final int TX_HEAD_WIDTH = TX_WIDTH / TX_HEADS;
  private static final int TX_INNER = 512;
  private static final int TX_LAYERS = 2;
  private static final int TX_CLASSES = 2;
  private static final int KERNEL = 3;
  private static final int IMAGE = 28;

  private ModelGraphs() {}

  static byte[] mlp(long seed) {
    OnnxGraph graph = new OnnxGraph("mlp", seed);
    String x = graph.input(BenchModel.INPUT, OnnxGraph.Type.FLOAT, 32);
    String first = relu(graph, dense(graph, x, 32, 128));
    String second = relu(graph, dense(graph, first, 128, 64));
    String last = dense(graph, second, 64, 1);
    graph.named(BenchModel.OUTPUT, "Sigmoid", List.of(last));
    graph.output(BenchModel.OUTPUT, OnnxGraph.Type.FLOAT, 1);
    return graph.toBytes();
  }

  static byte[] cnn(long seed) {
    OnnxGraph graph = new OnnxGraph("cnn", seed);
    String x = graph.input(BenchModel.INPUT, OnnxGraph.Type.FLOAT, 1, IMAGE, IMAGE);
    String first = pooled(graph, relu(graph, convolution(graph, x, 1, 16)));
    String second = pooled(graph, relu(graph, convolution(graph, first, 16, 32)));
    String flat = graph.node("Flatten", List.of(second));
    int features = 32 * (IMAGE / 4) * (IMAGE / 4);
    String hidden = relu(graph, dense(graph, flat, features, 64));
    String scores = dense(graph, hidden, 64, 10);
    graph.named(BenchModel.OUTPUT, "Softmax", List.of(scores), Attribute.number("axis", -1));
    graph.output(BenchModel.OUTPUT, OnnxGraph.Type.FLOAT, 10);
    return graph.toBytes();
  }

  static byte[] mean(long floats) {
    OnnxGraph graph = new OnnxGraph("mean", 0);
    String x = graph.input(BenchModel.INPUT, OnnxGraph.Type.FLOAT, floats);
    graph.named(
        BenchModel.OUTPUT,
        "ReduceMean",
        List.of(x),
        Attribute.numbers("axes", 1L),
        Attribute.number("keepdims", 1));
    graph.output(BenchModel.OUTPUT, OnnxGraph.Type.FLOAT, 1);
    return graph.toBytes();
  }

  static byte[] transformer(long seed) {
    OnnxGraph graph = new OnnxGraph("tx", seed);
    String tokens = graph.input(BenchModel.INPUT, OnnxGraph.Type.INT64, TX_TOKENS);
    String table = graph.weights(1, TX_VOCABULARY, TX_WIDTH);
    String embedded = graph.node("Gather", List.of(table, tokens));
    String x = graph.node("Add", List.of(embedded, graph.weights(1, TX_TOKENS, TX_WIDTH)));
    for (int layer = 0; layer < TX_LAYERS; layer++) {
      x = normalized(graph, graph.node("Add", List.of(x, attention(graph, x))));
      String inner = relu(graph, linear(graph, x, TX_WIDTH, TX_INNER));
      String outer = linear(graph, inner, TX_INNER, TX_WIDTH);
      x = normalized(graph, graph.node("Add", List.of(x, outer)));
    }
    String pooled =
        graph.node(
            "ReduceMean",
            List.of(x),
            Attribute.numbers("axes", 1L),
            Attribute.number("keepdims", 0));
    String scores = dense(graph, pooled, TX_WIDTH, TX_CLASSES);
    graph.named(BenchModel.OUTPUT, "Softmax", List.of(scores), Attribute.number("axis", -1));
    graph.output(BenchModel.OUTPUT, OnnxGraph.Type.FLOAT, TX_CLASSES);
    return graph.toBytes();
  }

  private static String attention(OnnxGraph graph, String x) {
    String query = heads(graph, linear(graph, x, TX_WIDTH, TX_WIDTH), 0L, 2L, 1L, 3L);
    String key = heads(graph, linear(graph, x, TX_WIDTH, TX_WIDTH), 0L, 2L, 3L, 1L);
    String value = heads(graph, linear(graph, x, TX_WIDTH, TX_WIDTH), 0L, 2L, 1L, 3L);
    String similar = graph.node("MatMul", List.of(query, key));
    String scale = graph.constant(1 / Math.sqrt(TX_HEAD_WIDTH), 1);
    String scaled = graph.node("Mul", List.of(similar, scale));
    String shares = graph.node("Softmax", List.of(scaled), Attribute.number("axis", -1));
    String mixed = graph.node("MatMul", List.of(shares, value));
    String back = transposed(graph, mixed, 0L, 2L, 1L, 3L);
    String joined = graph.node("Reshape", List.of(back, graph.integers(0, TX_TOKENS, TX_WIDTH)));
    return linear(graph, joined, TX_WIDTH, TX_WIDTH);
  }

  private static String heads(OnnxGraph graph, String x, Long... order) {
    String shape = graph.integers(0, TX_TOKENS, TX_HEADS, TX_HEAD_WIDTH);
    return transposed(graph, graph.node("Reshape", List.of(x, shape)), order);
  }

  private static String transposed(OnnxGraph graph, String x, Long... order) {
    return graph.node("Transpose", List.of(x), Attribute.numbers("perm", order));
  }

  private static String normalized(OnnxGraph graph, String x) {
    return graph.node(
        "LayerNormalization",
        List.of(x, graph.constant(1, TX_WIDTH), graph.constant(0, TX_WIDTH)),
        Attribute.number("axis", -1));
  }

  /// A layer on the last of several dimensions.
  private static String linear(OnnxGraph graph, String x, int inputs, int outputs) {
    String product =
        graph.node("MatMul", List.of(x, graph.weights(scale(inputs), inputs, outputs)));
    return graph.node("Add", List.of(product, graph.weights(scale(inputs), outputs)));
  }

  private static String dense(OnnxGraph graph, String x, int inputs, int outputs) {
    return graph.node(
        "Gemm",
        List.of(
            x,
            graph.weights(scale(inputs), inputs, outputs),
            graph.weights(scale(inputs), outputs)));
  }

  private static String convolution(OnnxGraph graph, String x, int inputs, int outputs) {
    double scale = scale(inputs * KERNEL * KERNEL);
    return graph.node(
        "Conv",
        List.of(
            x,
            graph.weights(scale, outputs, inputs, KERNEL, KERNEL),
            graph.weights(scale, outputs)),
        Attribute.numbers("kernel_shape", (long) KERNEL, (long) KERNEL),
        Attribute.numbers("pads", 1L, 1L, 1L, 1L));
  }

  private static String pooled(OnnxGraph graph, String x) {
    return graph.node(
        "MaxPool",
        List.of(x),
        Attribute.numbers("kernel_shape", 2L, 2L),
        Attribute.numbers("strides", 2L, 2L));
  }

  private static String relu(OnnxGraph graph, String x) {
    return graph.node("Relu", List.of(x));
  }

  private static double scale(int inputs) {
    return 1 / Math.sqrt(inputs);
  }
}

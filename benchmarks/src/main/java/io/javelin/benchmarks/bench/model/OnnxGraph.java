package io.javelin.benchmarks.bench.model;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;

/// Builds one ONNX file: as much of `onnx.proto` as the benchmark models need, encoded by hand so
/// that no binary lies in the repository and no generator is needed. Not thread-safe.
///
/// Weights are drawn in the order of the calls, so the same calls with the same seed give the same
/// bytes. The first dimension of inputs and outputs is the batch, and is free.
final class OnnxGraph {
  /// Element types, with the numbers of `TensorProto.DataType`.
  enum Type {
    FLOAT(1),
    INT64(7);

    private final int number;

    Type(int number) {
      this.number = number;
    }
  }

  // Field numbers of onnx.proto, by message.
  private static final int MODEL_IR_VERSION = 1;
  private static final int MODEL_PRODUCER = 2;
  private static final int MODEL_GRAPH = 7;
  private static final int MODEL_OPSET = 8;
  private static final int OPSET_VERSION = 2;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_NAME = 2;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int GRAPH_INPUT = 11;
  private static final int GRAPH_OUTPUT = 12;
  private static final int NODE_INPUT = 1;
  private static final int NODE_OUTPUT = 2;
  private static final int NODE_OP = 4;
  private static final int NODE_ATTRIBUTE = 5;
  private static final int TENSOR_DIMS = 1;
  private static final int TENSOR_TYPE = 2;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_RAW = 9;
  private static final int VALUE_NAME = 1;
  private static final int VALUE_TYPE = 2;

  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;
  private static final String BATCH = "N";

  private final Message graph = new Message();
  private final SplittableRandom random;
  private int values;

  OnnxGraph(String name, long seed) {
    random = new SplittableRandom(seed);
    graph.text(GRAPH_NAME, name);
  }

  /// Declares an input; `dims` without the batch.
  String input(String name, Type type, long... dims) {
    graph.message(GRAPH_INPUT, value(name, type, dims));
    return name;
  }

  /// Declares which value is the output; `dims` without the batch. The value must exist by then
  /// under this name: see [#named].
  void output(String name, Type type, long... dims) {
    graph.message(GRAPH_OUTPUT, value(name, type, dims));
  }

  /// Weights evenly drawn from [-scale, scale).
  String weights(double scale, long... dims) {
    int elements = elements(dims);
    ByteBuffer raw = littleEndian(elements * Float.BYTES);
    for (int i = 0; i < elements; i++) {
      raw.putFloat((float) ((2 * random.nextDouble() - 1) * scale));
    }
    return initializer(Type.FLOAT, raw, dims);
  }

  /// The same value everywhere.
  String constant(double value, long... dims) {
    int elements = elements(dims);
    ByteBuffer raw = littleEndian(elements * Float.BYTES);
    for (int i = 0; i < elements; i++) {
      raw.putFloat((float) value);
    }
    return initializer(Type.FLOAT, raw, dims);
  }

  /// A one-dimensional tensor of whole numbers, for shapes.
  String integers(long... numbers) {
    ByteBuffer raw = littleEndian(numbers.length * Long.BYTES);
    for (long number : numbers) {
      raw.putLong(number);
    }
    return initializer(Type.INT64, raw, numbers.length);
  }

  /// Adds a node and gives back the name of its only output.
  String node(String op, List<String> inputs, Attribute... attributes) {
    return named(newName(), op, inputs, attributes);
  }

  /// Adds a node whose output has a given name.
  String named(String output, String op, List<String> inputs, Attribute... attributes) {
    Message node = new Message();
    inputs.forEach(input -> node.text(NODE_INPUT, input));
    node.text(NODE_OUTPUT, output).text(NODE_OP, op);
    for (Attribute attribute : attributes) {
      node.message(NODE_ATTRIBUTE, attribute.encode());
    }
    graph.message(GRAPH_NODE, node);
    return output;
  }

  /// The file.
  byte[] toBytes() {
    return new Message()
        .number(MODEL_IR_VERSION, IR_VERSION)
        .text(MODEL_PRODUCER, "javelin-benchmarks")
        .message(MODEL_GRAPH, graph)
        .message(MODEL_OPSET, new Message().number(OPSET_VERSION, OPSET))
        .bytes()
        .toByteArray();
  }

  /// An attribute of a node: whole numbers, one or a list.
  record Attribute(String name, boolean list, List<Long> numbers) {
    private static final int NAME = 1;
    private static final int INT = 3;
    private static final int INTS = 8;
    private static final int TYPE = 20;
    private static final int TYPE_INT = 2;
    private static final int TYPE_INTS = 7;

    static Attribute number(String name, long number) {
      return new Attribute(name, false, List.of(number));
    }

    static Attribute numbers(String name, Long... numbers) {
      return new Attribute(name, true, List.of(numbers));
    }

    Message encode() {
      Message encoded = new Message().text(NAME, name);
      numbers.forEach(number -> encoded.number(list ? INTS : INT, number));
      return encoded.number(TYPE, list ? TYPE_INTS : TYPE_INT);
    }
  }

  private String initializer(Type type, ByteBuffer raw, long... dims) {
    String name = newName();
    Message tensor = new Message();
    for (long dim : dims) {
      tensor.number(TENSOR_DIMS, dim);
    }
    tensor
        .number(TENSOR_TYPE, type.number)
        .text(TENSOR_NAME, name)
        .raw(TENSOR_RAW, ByteString.copyFrom(raw.flip()));
    graph.message(GRAPH_INITIALIZER, tensor);
    return name;
  }

  /// `ValueInfoProto`: name, element type, shape with a free first dimension.
  private static Message value(String name, Type type, long... dims) {
    Message shape = new Message().message(1, new Message().text(2, BATCH));
    for (long dim : dims) {
      shape.message(1, new Message().number(1, dim));
    }
    Message tensor = new Message().number(1, type.number).message(2, shape);
    return new Message()
        .text(VALUE_NAME, name)
        .message(VALUE_TYPE, new Message().message(1, tensor));
  }

  private String newName() {
    return "v" + values++;
  }

  private static int elements(long... dims) {
    long product = 1;
    for (long dim : dims) {
      product = Math.multiplyExact(product, dim);
    }
    return Math.toIntExact(product);
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// One protobuf message in the making.
  static final class Message {
    private final ByteString.Output sink = ByteString.newOutput();
    private final CodedOutputStream out = CodedOutputStream.newInstance(sink);

    Message number(int field, long value) {
      return write(() -> out.writeInt64(field, value));
    }

    Message text(int field, String value) {
      return write(() -> out.writeString(field, value));
    }

    Message raw(int field, ByteString value) {
      return write(() -> out.writeBytes(field, value));
    }

    Message message(int field, Message value) {
      return raw(field, value.bytes());
    }

    ByteString bytes() {
      write(out::flush);
      return sink.toByteString();
    }

    private Message write(Write write) {
      try {
        write.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return this;
    }

    /// Writes to memory, which does not fail.
    @FunctionalInterface
    private interface Write {
      void run() throws IOException;
    }
  }
}

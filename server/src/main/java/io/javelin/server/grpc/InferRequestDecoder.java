package io.javelin.server.grpc;

import io.javelin.server.pipeline.InferRequest;
import io.javelin.server.pipeline.InferRequest.Input;
import io.javelin.server.pipeline.Refusal;
import io.javelin.server.pipeline.TensorBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes `inference.ModelInferRequest` without copying tensor data. Accepts every encoding that
/// protobuf allows: fields in any order, packed and unpacked shapes, unknown fields. One decoder
/// decodes one message.
///
/// Source: field numbers of the Open Inference Protocol (grpc_service.proto).
final class InferRequestDecoder {
  private static final int MODEL_NAME = 1;
  private static final int MODEL_VERSION = 2;
  private static final int ID = 3;
  private static final int PARAMETERS = 4;
  private static final int INPUTS = 5;
  private static final int OUTPUTS = 6;
  private static final int RAW_INPUT_CONTENTS = 7;

  /// More than any model has. Without a bound, one dimension after the other could make reading a
  /// shape cost time in proportion to the square of the message's size.
  private static final int MAX_DIMENSIONS = 64;

  /// Of inputs, outputs and raw entries each. Two bytes make an empty entry, which costs a hundred
  /// here: without a limit a large message of them would fill the heap.
  private static final int MAX_TENSORS = 1_024;

  private static final long[] NO_DIMENSIONS = {};

  private final WireCursor cursor;
  private final RecentNames names;
  private final ParameterDecoder parameters;
  private final List<PartialInput> inputs = new ArrayList<>(2);
  private final List<TensorBytes> raw = new ArrayList<>(2);
  private List<String> outputs = List.of();
  private String model = "";
  private String version = "";
  private String id = "";

  /// An input before its data is known.
  ///
  /// @param contents where the typed contents lie in the message, or null
  private record PartialInput(
      String name, String datatype, long[] shape, @Nullable ReceivedBytes contents) {}

  InferRequestDecoder(ReceivedMessage message, RecentNames names, String userIdParameter) {
    this(message, names, userIdParameter, null);
  }

  /// @param tenantParameter null = no parameter means the tenant
  InferRequestDecoder(
      ReceivedMessage message,
      RecentNames names,
      String userIdParameter,
      @Nullable String tenantParameter) {
    this.cursor = new WireCursor(message);
    this.names = names;
    this.parameters = new ParameterDecoder(cursor, userIdParameter, tenantParameter);
  }

  InferRequest decode() throws MalformedMessageException {
    while (cursor.hasMore()) {
      int tag = cursor.readTag();
      if ((tag & 7) != WireCursor.WIRE_LENGTH_DELIMITED) {
        cursor.skip(tag);
        continue;
      }
      switch (tag >>> 3) {
        case MODEL_NAME -> model = cursor.readName(names);
        case MODEL_VERSION -> version = cursor.readName(names);
        case ID -> id = cursor.readString();
        case PARAMETERS -> parameters.readEntry();
        case INPUTS -> add(inputs, readInput());
        case OUTPUTS -> readOutput();
        case RAW_INPUT_CONTENTS -> add(raw, readBytes());
        default -> cursor.skip(tag);
      }
    }
    return new InferRequest(model, version, id, withData(), outputs, parameters.result());
  }

  private <T> void add(List<? super T> tensors, T tensor) throws MalformedMessageException {
    if (tensors.size() == MAX_TENSORS) {
      throw invalid(
          "request for model '%s' has more than %d tensors".formatted(model, MAX_TENSORS));
    }
    tensors.add(tensor);
  }

  private ReceivedBytes readBytes() throws MalformedMessageException {
    int begin = cursor.skipBytes();
    return new ReceivedBytes(cursor.message(), begin, cursor.position() - begin);
  }

  private PartialInput readInput() throws MalformedMessageException {
    String name = "";
    String datatype = "";
    long[] shape = NO_DIMENSIONS;
    ReceivedBytes contents = null;
    int outer = cursor.enter(cursor.readLength());
    while (cursor.hasMore()) {
      int tag = cursor.readTag();
      switch (tag) {
        case 1 << 3 | WireCursor.WIRE_LENGTH_DELIMITED -> name = cursor.readName(names);
        case 2 << 3 | WireCursor.WIRE_LENGTH_DELIMITED -> datatype = cursor.readName(names);
        case 3 << 3 | WireCursor.WIRE_LENGTH_DELIMITED -> shape = readPackedShape(shape);
        case 3 << 3 | WireCursor.WIRE_VARINT -> shape = append(shape, cursor.readVarint());
        case 5 << 3 | WireCursor.WIRE_LENGTH_DELIMITED -> contents = readBytes();
        default -> cursor.skip(tag);
      }
    }
    cursor.leave(outer);
    return new PartialInput(name, datatype, shape, contents);
  }

  private long[] readPackedShape(long[] before) throws MalformedMessageException {
    int length = cursor.readLength();
    int outer = cursor.enter(length);
    long[] shape = Arrays.copyOf(before, Math.min(before.length + length, MAX_DIMENSIONS));
    int count = before.length;
    while (cursor.hasMore()) {
      requireRoomAfter(count);
      shape[count++] = cursor.readVarint();
    }
    cursor.leave(outer);
    return count == shape.length ? shape : Arrays.copyOf(shape, count);
  }

  private static long[] append(long[] shape, long dimension) throws MalformedMessageException {
    requireRoomAfter(shape.length);
    long[] longer = Arrays.copyOf(shape, shape.length + 1);
    longer[shape.length] = dimension;
    return longer;
  }

  private static void requireRoomAfter(int dimensions) throws MalformedMessageException {
    if (dimensions == MAX_DIMENSIONS) {
      throw invalid("the shape of an input has more than %d dimensions".formatted(MAX_DIMENSIONS));
    }
  }

  private void readOutput() throws MalformedMessageException {
    String name = "";
    int outer = cursor.enter(cursor.readLength());
    while (cursor.hasMore()) {
      int tag = cursor.readTag();
      if (tag == (1 << 3 | WireCursor.WIRE_LENGTH_DELIMITED)) {
        name = cursor.readName(names);
      } else {
        cursor.skip(tag);
      }
    }
    cursor.leave(outer);
    if (outputs.isEmpty()) {
      outputs = new ArrayList<>(2);
    }
    add(outputs, name);
  }

  private List<Input> withData() throws MalformedMessageException {
    if (raw.size() > inputs.size()) {
      throw invalid(
          "got %d raw_input_contents entries for %d inputs for model '%s'"
              .formatted(raw.size(), inputs.size(), model));
    }
    List<Input> complete = new ArrayList<>(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      PartialInput input = inputs.get(i);
      complete.add(new Input(input.name(), input.datatype(), input.shape(), data(input, i)));
    }
    return complete;
  }

  private @Nullable TensorBytes data(PartialInput input, int index)
      throws MalformedMessageException {
    ReceivedBytes contents = input.contents();
    if (!raw.isEmpty()) {
      if (contents != null) {
        throw invalid(
            ("contents field must not be specified when using raw_input_contents for '%s' for"
                    + " model '%s'")
                .formatted(input.name(), model));
      }
      return index < raw.size() ? raw.get(index) : null;
    }
    return contents == null
        ? null
        : TypedContents.toRaw(contents, model, input.name(), input.datatype());
  }

  static MalformedMessageException invalid(String message) {
    return new MalformedMessageException(new Refusal.InvalidArgument(message));
  }
}

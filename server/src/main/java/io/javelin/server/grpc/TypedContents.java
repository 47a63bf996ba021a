package io.javelin.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import inference.InferTensorContents;
import io.javelin.loader.engine.DataType;
import io.javelin.server.pipeline.TensorBytes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Turns the typed contents of an input into raw little-endian bytes. The convenient way for people
/// and JSON tools, not the fast one: it goes through the generated classes.
///
/// Source of the field for each datatype, and of the wording: Open Inference Protocol and Triton.
final class TypedContents {
  private TypedContents() {}

  static TensorBytes toRaw(ReceivedBytes encoded, String model, String input, String datatype)
      throws MalformedMessageException {
    InferTensorContents contents = parse(encoded);
    List<FieldDescriptor> present = new ArrayList<>(contents.getAllFields().keySet());
    if (present.size() > 1) {
      throw InferRequestDecoder.invalid(
          ("unexpected explicit tensor data for input tensor '%s' for model '%s', binary data was"
                  + " already supplied.")
              .formatted(input, model));
    }
    int expected = fieldNumber(datatype);
    if (!present.isEmpty() && present.getFirst().getNumber() != expected) {
      throw InferRequestDecoder.invalid(
          ("unexpected explicit tensor data for input tensor '%s' for model '%s' of type '%s',"
                  + " expected datatype '%s'")
              .formatted(input, model, present.getFirst().getName(), datatype));
    }
    ByteBuffer raw = encode(contents, datatype);
    return new ReceivedBytes(new ReceivedMessage(List.of(raw)), 0, raw.remaining());
  }

  private static InferTensorContents parse(ReceivedBytes encoded) throws MalformedMessageException {
    byte[] bytes = new byte[encoded.length()];
    encoded.copyTo(MemorySegment.ofArray(bytes), 0);
    try {
      return InferTensorContents.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedMessageException(String.valueOf(e.getMessage()));
    }
  }

  /// Field of InferTensorContents for a datatype; 0 for those that travel raw only, and for names
  /// that are no datatype (the validator names those).
  private static int fieldNumber(String datatype) {
    return switch (datatype) {
      case "BOOL" -> InferTensorContents.BOOL_CONTENTS_FIELD_NUMBER;
      case "INT8", "INT16", "INT32" -> InferTensorContents.INT_CONTENTS_FIELD_NUMBER;
      case "INT64" -> InferTensorContents.INT64_CONTENTS_FIELD_NUMBER;
      case "UINT8", "UINT16", "UINT32" -> InferTensorContents.UINT_CONTENTS_FIELD_NUMBER;
      case "UINT64" -> InferTensorContents.UINT64_CONTENTS_FIELD_NUMBER;
      case "FP32" -> InferTensorContents.FP32_CONTENTS_FIELD_NUMBER;
      case "FP64" -> InferTensorContents.FP64_CONTENTS_FIELD_NUMBER;
      case "BYTES" -> InferTensorContents.BYTES_CONTENTS_FIELD_NUMBER;
      default -> 0;
    };
  }

  private static ByteBuffer encode(InferTensorContents contents, String datatype) {
    return switch (datatype) {
      case "BOOL" -> {
        ByteBuffer raw = buffer(contents.getBoolContentsCount());
        contents.getBoolContentsList().forEach(value -> raw.put((byte) (value ? 1 : 0)));
        yield raw.flip();
      }
      case "INT8", "INT16", "INT32" -> integers(contents.getIntContentsList(), datatype);
      case "UINT8", "UINT16", "UINT32" -> integers(contents.getUintContentsList(), datatype);
      case "INT64" -> longs(contents.getInt64ContentsList());
      case "UINT64" -> longs(contents.getUint64ContentsList());
      case "FP32" -> {
        ByteBuffer raw = buffer(contents.getFp32ContentsCount() * Float.BYTES);
        contents.getFp32ContentsList().forEach(raw::putFloat);
        yield raw.flip();
      }
      case "FP64" -> {
        ByteBuffer raw = buffer(contents.getFp64ContentsCount() * Double.BYTES);
        contents.getFp64ContentsList().forEach(raw::putDouble);
        yield raw.flip();
      }
      case "BYTES" -> strings(contents.getBytesContentsList());
      default -> buffer(0);
    };
  }

  /// Keeps the low bytes, without a range check, as Triton does.
  private static ByteBuffer integers(List<Integer> values, String datatype) {
    int bytes = DataType.valueOf(datatype).elementBytes();
    ByteBuffer raw = buffer(values.size() * bytes);
    for (int value : values) {
      for (int i = 0; i < bytes; i++) {
        raw.put((byte) (value >>> (8 * i)));
      }
    }
    return raw.flip();
  }

  private static ByteBuffer longs(List<Long> values) {
    ByteBuffer raw = buffer(values.size() * Long.BYTES);
    values.forEach(raw::putLong);
    return raw.flip();
  }

  private static ByteBuffer strings(List<ByteString> values) {
    int bytes = values.stream().mapToInt(value -> Integer.BYTES + value.size()).sum();
    ByteBuffer raw = buffer(bytes);
    for (ByteString value : values) {
      raw.putInt(value.size());
      value.copyTo(raw);
    }
    return raw.flip();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}

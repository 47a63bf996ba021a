package io.javelin.benchmarks.bench.client;

import io.grpc.MethodDescriptor;
import io.javelin.benchmarks.load.PreparedBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// `ModelInfer` on bytes, in two forms that differ only in what becomes of the answer.
final class LeanMethod {
  private static final String NAME = "inference.GRPCInferenceService/ModelInfer";

  /// The answer is its length in bytes: nothing is copied or parsed.
  static final MethodDescriptor<byte[], Integer> LENGTH =
      method(answer -> {
        try {
          return answer.available();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });

  /// The answer is its bytes.
  static final MethodDescriptor<byte[], byte[]> BYTES =
      method(answer -> {
        try {
          return answer.readAllBytes();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });

  private LeanMethod() {}

  private static <T> MethodDescriptor<byte[], T> method(Answer<T> answer) {
    return MethodDescriptor.<byte[], T>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(NAME)
        .setRequestMarshaller(
            new MethodDescriptor.Marshaller<>() {
              @Override
              public InputStream stream(byte[] value) {
                return new PreparedBytes(value);
              }

              @Override
              public byte[] parse(InputStream stream) {
                throw new UnsupportedOperationException("a client does not parse requests");
              }
            })
        .setResponseMarshaller(
            new MethodDescriptor.Marshaller<>() {
              @Override
              public InputStream stream(T value) {
                throw new UnsupportedOperationException("a client does not send answers");
              }

              @Override
              public T parse(InputStream stream) {
                return answer.read(stream);
              }
            })
        .build();
  }

  /// What is kept of an answer.
  @FunctionalInterface
  private interface Answer<T> {
    T read(InputStream stream);
  }
}

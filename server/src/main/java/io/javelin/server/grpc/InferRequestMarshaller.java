package io.javelin.server.grpc;

import io.grpc.Detachable;
import io.grpc.HasByteBuffer;
import io.grpc.MethodDescriptor;
import io.javelin.server.pipeline.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes over the transport's buffers of a ModelInfer request and decodes them in place.
/// Thread-safe.
///
/// gRPC frees a message's buffers when `parse` returns, unless the stream is detached: from then on
/// the [Payload] frees them. `mark` keeps buffers alive that reading has passed.
final class InferRequestMarshaller implements MethodDescriptor.Marshaller<InferMessage> {
  private final String userIdParameter;
  private final RecentNames names = new RecentNames();
  private final @Nullable String tenantParameter;

  InferRequestMarshaller(String userIdParameter) {
    this(userIdParameter, null);
  }

  /// @param tenantParameter null = no parameter means the tenant
  InferRequestMarshaller(String userIdParameter, @Nullable String tenantParameter) {
    this.userIdParameter = userIdParameter;
    this.tenantParameter = tenantParameter;
  }

  @Override
  public InferMessage parse(InputStream stream) {
    try {
      return stream instanceof Detachable detachable
              && stream instanceof HasByteBuffer buffers
              && buffers.byteBufferSupported()
              && stream.markSupported()
          ? parseInPlace(detachable.detach())
          : parseCopy(stream.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Servers only receive requests.
  @Override
  public InputStream stream(InferMessage value) {
    throw new UnsupportedOperationException("requests are not sent by the server");
  }

  private InferMessage parseInPlace(InputStream owned) throws IOException {
    boolean handedOver = false;
    try {
      int size = owned.available();
      Payload payload = new Payload(size, () -> close(owned));
      InferMessage message = decode(new ReceivedMessage(parts(owned)), payload);
      handedOver = message instanceof InferMessage.Decoded;
      return message;
    } finally {
      if (!handedOver) {
        close(owned);
      }
    }
  }

  private static List<ByteBuffer> parts(InputStream owned) throws IOException {
    owned.mark(owned.available());
    List<ByteBuffer> parts = new ArrayList<>(1);
    while (owned.available() > 0) {
      ByteBuffer part = ((HasByteBuffer) owned).getByteBuffer();
      if (part == null) {
        throw new IOException("transport offers no buffer for " + owned.available() + " bytes");
      }
      if (part.hasRemaining()) {
        parts.add(part);
        owned.skipNBytes(part.remaining());
      } else {
        // The buffer of an empty DATA frame: gRPC offers it until a byte behind it is read.
        parts.add(ByteBuffer.wrap(owned.readNBytes(1)));
      }
    }
    return parts;
  }

  /// The transport had to decompress the message, or has no buffers to share.
  private InferMessage parseCopy(byte[] bytes) {
    return decode(
        new ReceivedMessage(List.of(ByteBuffer.wrap(bytes))), new Payload(bytes.length, () -> {}));
  }

  private InferMessage decode(ReceivedMessage message, Payload payload) {
    try {
      return new InferMessage.Decoded(
          new InferRequestDecoder(message, names, userIdParameter, tenantParameter).decode(),
          payload);
    } catch (MalformedMessageException e) {
      return new InferMessage.Undecodable(e.refusal());
    }
  }

  private static void close(InputStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

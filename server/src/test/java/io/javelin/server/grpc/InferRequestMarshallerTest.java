package io.javelin.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import io.grpc.Detachable;
import io.grpc.HasByteBuffer;
import io.grpc.internal.CompositeReadableBuffer;
import io.grpc.internal.ReadableBuffer;
import io.grpc.internal.ReadableBuffers;
import io.javelin.server.pipeline.Refusal;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Taking over buffers, as gRPC hands them out when a message came in several DATA frames.
class InferRequestMarshallerTest {
  private static final InferRequestMarshaller MARSHALLER = new InferRequestMarshaller("user_id");
  private static final byte[] MESSAGE =
      ModelInferRequest.newBuilder().setModelName("digits").setId("seven").build().toByteArray();

  @Test
  void decodesAMessageInterruptedByEmptyFrames() {
    CompositeReadableBuffer message = new CompositeReadableBuffer();
    message.addBuffer(part(0, 4));
    message.addBuffer(part(4, 4));
    message.addBuffer(part(4, 4));
    message.addBuffer(part(4, MESSAGE.length));

    assertDecoded(message);
  }

  /// What arrived in later frames is one buffer inside the other.
  @Test
  void decodesAMessageWhoseNestedBufferBeginsEmpty() {
    CompositeReadableBuffer later = new CompositeReadableBuffer();
    later.addBuffer(part(4, 4));
    later.addBuffer(part(4, 4));
    later.addBuffer(part(4, MESSAGE.length));
    CompositeReadableBuffer message = new CompositeReadableBuffer();
    message.addBuffer(part(0, 4));
    message.addBuffer(later);

    assertDecoded(message);
  }

  @Test
  void refusesMoreDimensionsThanAnyModelHas() {
    ModelInferRequest packed =
        ModelInferRequest.newBuilder()
            .addInputs(InferInputTensor.newBuilder().addAllShape(Collections.nCopies(65, 1L)))
            .build();

    assertDimensionsRefused(packed.toByteArray());
  }

  /// Half a million dimensions, one field each: if each were appended to a copy of those before it,
  /// an event loop would be busy for minutes.
  @Test
  void refusesAShapeWithoutEndAtOnce() {
    byte[] message = new byte[4 + (1 << 20)];
    message[0] = 5 << 3 | 2;
    message[1] = (byte) 0x80;
    message[2] = (byte) 0x80;
    message[3] = 0x40;
    for (int i = 4; i < message.length; i += 2) {
      message[i] = 3 << 3;
      message[i + 1] = 1;
    }

    assertDimensionsRefused(message);
  }

  private static void assertDimensionsRefused(byte[] message) {
    InferMessage parsed =
        assertTimeoutPreemptively(
            Duration.ofSeconds(5), () -> MARSHALLER.parse(new ByteArrayInputStream(message)));

    Refusal refusal = assertInstanceOf(InferMessage.Undecodable.class, parsed).refusal();
    assertEquals("the shape of an input has more than 64 dimensions", refusal.message());
  }

  @Test
  void freesTheBuffersWhenTheyCannotBeRead() {
    Unreadable stream = new Unreadable();

    assertThrows(IllegalStateException.class, () -> MARSHALLER.parse(stream));

    assertEquals(1, stream.closed);
  }

  private static void assertDecoded(ReadableBuffer message) {
    InferMessage parsed =
        assertTimeoutPreemptively(
            Duration.ofSeconds(5),
            () -> MARSHALLER.parse(ReadableBuffers.openStream(message, true)));

    InferMessage.Decoded decoded = assertInstanceOf(InferMessage.Decoded.class, parsed);
    assertEquals("digits", decoded.request().model());
    assertEquals("seven", decoded.request().id());
    decoded.payload().release();
  }

  private static ReadableBuffer part(int from, int to) {
    return ReadableBuffers.wrap(ByteBuffer.wrap(Arrays.copyOfRange(MESSAGE, from, to)));
  }

  /// Owns something, and breaks when its content is asked for.
  private static final class Unreadable extends ByteArrayInputStream
      implements Detachable, HasByteBuffer {
    private int closed;

    Unreadable() {
      super(MESSAGE);
    }

    @Override
    public InputStream detach() {
      return this;
    }

    @Override
    public boolean byteBufferSupported() {
      return true;
    }

    @Override
    public @Nullable ByteBuffer getByteBuffer() {
      throw new IllegalStateException("broken");
    }

    @Override
    public void close() {
      closed++;
    }
  }
}

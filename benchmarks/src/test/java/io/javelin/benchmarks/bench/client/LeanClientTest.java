package io.javelin.benchmarks.bench.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.javelin.benchmarks.load.Arrivals;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeanClientTest {
  private static final Duration LENGTH = Duration.ofMillis(300);
  private static final byte[] REQUEST = {1, 2, 3};
  private static final byte[] ANSWER = {4, 5};

  private final Set<String> users = ConcurrentHashMap.newKeySet();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();
  private Server server = NettyServerBuilder.forPort(0).build();

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  @Test
  void keepsItsNumberOfRequestsInFlight() throws Exception {
    SliceResult result = run(Behaviour.ANSWER, new Arrivals.ClosedLoop(5), traffic(0, 0));
    assertTrue(result.counts().ok() > 5, result::toString);
    assertEquals(result.counts().offered(), result.counts().ok());
    assertEquals(result.counts().ok(), result.latency().getTotalCount());
    assertTrue(result.counts().allAnswered() > result.counts().ok(), result::toString);
    assertEquals(0, result.lost());
    assertTrue(mostRunning.get() <= 5, mostRunning::toString);
    assertTrue(result.micros(50) > 0 && result.okPerSecond() > 0, result::toString);
  }

  @Test
  void sendsAtTheRateThatWasAskedFor() throws Exception {
    SliceResult result = run(Behaviour.ANSWER, new Arrivals.OpenLoop(2_000), traffic(0, 0));
    assertEquals(2_000, result.offeredPerSecond(), 400);
    assertEquals(result.counts().offered(), result.counts().ok());
    assertEquals(result.counts().offered(), result.sendLag().getTotalCount());
  }

  @Test
  void countsRefusalsByCodeAndApart() throws Exception {
    SliceResult result = run(Behaviour.REFUSE, new Arrivals.OpenLoop(1_000), traffic(0, 0));
    assertEquals(Map.of(Status.Code.UNAVAILABLE, result.counts().offered()), result.failures());
    assertEquals(0, result.counts().ok());
    assertEquals(result.counts().offered(), result.refusalLatency().getTotalCount());
    assertEquals(result.counts().offered(), result.lost());
  }

  @Test
  void anEmptyAnswerIsNoAnswer() throws Exception {
    SliceResult result = run(Behaviour.EMPTY, new Arrivals.OpenLoop(500), traffic(0, 0));
    assertEquals(Set.of(Status.Code.DATA_LOSS), result.failures().keySet());
  }

  @Test
  void theDeadlineEndsRequestsThatAreNotAnswered() throws Exception {
    SliceResult result = run(Behaviour.SILENT, new Arrivals.OpenLoop(100), traffic(0, 40));
    assertEquals(Set.of(Status.Code.DEADLINE_EXCEEDED), result.failures().keySet());
    assertEquals(0, result.counts().inTime());
  }

  @Test
  void sendsUserIds() throws Exception {
    run(Behaviour.ANSWER, new Arrivals.ClosedLoop(2), traffic(3, 0));
    assertEquals(Set.of("user-0", "user-1", "user-2"), users);
  }

  @Test
  void returnsOneWholeAnswer() throws Exception {
    try (LeanClient client = new LeanClient(start(Behaviour.ANSWER), System::nanoTime)) {
      assertArrayEquals(ANSWER, client.ask(REQUEST));
    }
  }

  @Test
  void refusesImpossibleTraffic() {
    assertThrows(IllegalArgumentException.class, () -> new Traffic(List.of(), 0, Duration.ZERO, 1));
    assertThrows(IllegalArgumentException.class, () -> traffic(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> traffic(0, -1));
  }

  private SliceResult run(Behaviour behaviour, Arrivals arrivals, Traffic traffic)
      throws Exception {
    try (LeanClient client = new LeanClient(start(behaviour), System::nanoTime)) {
      return client.run(traffic, arrivals, LENGTH);
    }
  }

  private static Traffic traffic(int users, long deadlineMillis) {
    return new Traffic(List.of(REQUEST), users, Duration.ofMillis(deadlineMillis), 1);
  }

  private enum Behaviour {
    ANSWER,
    EMPTY,
    REFUSE,
    SILENT
  }

  private InetSocketAddress start(Behaviour behaviour) throws IOException {
    MethodDescriptor<byte[], byte[]> method =
        LeanMethod.BYTES.toBuilder(new Bytes(), new Bytes()).build();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(
                ServerServiceDefinition.builder("inference.GRPCInferenceService")
                    .addMethod(method, (call, headers) -> handle(behaviour, call, headers))
                    .build())
            .build()
            .start();
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
  }

  private ServerCall.Listener<byte[]> handle(
      Behaviour behaviour, ServerCall<byte[], byte[]> call, Metadata headers) {
    String user = headers.get(Metadata.Key.of("x-user-id", Metadata.ASCII_STRING_MARSHALLER));
    if (user != null) {
      users.add(user);
    }
    mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
    call.request(2);
    return new ServerCall.Listener<>() {
      @Override
      public void onHalfClose() {
        answer(behaviour, call);
      }
    };
  }

  private void answer(Behaviour behaviour, ServerCall<byte[], byte[]> call) {
    running.decrementAndGet();
    switch (behaviour) {
      case SILENT -> {}
      case REFUSE -> call.close(Status.UNAVAILABLE, new Metadata());
      case ANSWER, EMPTY -> {
        call.sendHeaders(new Metadata());
        call.sendMessage(behaviour == Behaviour.EMPTY ? new byte[0] : ANSWER);
        call.close(Status.OK, new Metadata());
      }
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}

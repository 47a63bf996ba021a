package io.javelin.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Shadow traffic is accounted for to the last copy and never felt by a caller.
@Timeout(30)
class ShadowDispatcherTest {
  private static final int UNLIMITED = Integer.MAX_VALUE / 2;
  private static final long MUCH = 1_000_000;
  private static final long LONG_NANOS = 60_000_000_000L;

  private static ShadowFixture fixture(
      int maxTasks, long maxBytes, PuppetEngine shadow, long shadowVersion) throws Exception {
    return new ShadowFixture(
        new ShadowDispatcher.Limits(maxTasks, maxBytes, LONG_NANOS), shadow, shadowVersion);
  }

  @Test
  void comparesEveryCopy() throws Exception {
    try (ShadowFixture fixture = fixture(1_000, MUCH, new PuppetEngine(UNLIMITED), 2)) {
      fixture.start();
      fixture.sendAndAwait(100);

      fixture.awaitAccounted(100);

      assertEquals(100, fixture.telemetry.compared.get());
      assertEquals(0, fixture.openPayloads.get());
      assertEquals(0, fixture.openLeases.get());
    }
  }

  @Test
  void dropsCopiesBeyondTheQueue() throws Exception {
    try (ShadowFixture fixture = fixture(4, MUCH, new PuppetEngine(UNLIMITED), 2)) {
      fixture.sendAndAwait(10); // Nothing is sent on before the start.
      fixture.awaitSampled(10);
      assertEquals(6, fixture.telemetry.dropped.get());

      fixture.start();
      fixture.awaitAccounted(10);

      assertEquals(4, fixture.telemetry.compared.get());
    }
  }

  @Test
  void dropsCopiesBeyondTheRetainedBytes() throws Exception {
    long bytesOfTwo = 2L * PuppetEngine.WIDTH * Float.BYTES;
    try (ShadowFixture fixture = fixture(1_000, bytesOfTwo, new PuppetEngine(UNLIMITED), 2)) {
      fixture.sendAndAwait(10);
      fixture.awaitSampled(10);
      assertEquals(8, fixture.telemetry.dropped.get());
      fixture.start();
      fixture.awaitAccounted(10);

      fixture.sendAndAwait(1);
      fixture.awaitAccounted(11);

      assertEquals(3, fixture.telemetry.compared.get(), "bytes were not given back");
    }
  }

  @Test
  void aStuckShadowDelaysNobody() throws Exception {
    PuppetEngine stuck = new PuppetEngine(0);
    try (ShadowFixture fixture = fixture(8, MUCH, stuck, 2)) {
      fixture.start();
      fixture.sendAndAwait(2_000);
      fixture.awaitSampled(2_000);
      assertEquals(0, fixture.telemetry.compared.get());
      assertTrue(fixture.telemetry.dropped.get() > 0);

      stuck.allow(UNLIMITED);
      fixture.awaitAccounted(2_000);
      assertTrue(fixture.telemetry.compared.get() > 0);
    }
  }

  @Test
  void countsCopiesForAVersionThatIsNotReadyAsFailed() throws Exception {
    try (ShadowFixture fixture = fixture(100, MUCH, new PuppetEngine(UNLIMITED), 9)) {
      fixture.start();
      fixture.sendAndAwait(20);

      fixture.awaitAccounted(20);

      assertEquals(20, fixture.telemetry.shadowFailed.get());
      assertEquals(0, fixture.openPayloads.get());
    }
  }

  @Test
  void closingAccountsForWhatWaits() throws Exception {
    ShadowFixture fixture = fixture(1_000, MUCH, new PuppetEngine(UNLIMITED), 2);
    fixture.start();
    fixture.sendAndAwait(500);
    fixture.close();

    assertEquals(500, fixture.telemetry.sampled.get());
    assertEquals(500, fixture.accounted());
    assertEquals(0, fixture.openPayloads.get());
    assertEquals(0, fixture.openLeases.get());
  }
}

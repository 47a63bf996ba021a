package io.javelin.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.server.pipeline.TenantQuotas.Quota;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TenantQuotasTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void allowsABurstAndThenTheRate() {
    TenantQuotas quotas = new TenantQuotas(new Quota(10, 3), Map.of(), 10);
    long now = Long.MAX_VALUE - 5;
    for (int i = 0; i < 3; i++) {
      assertEquals(TenantQuotas.TAKEN, quotas.take("a", now));
    }
    assertEquals(SECOND / 10, quotas.take("a", now));
    assertEquals(SECOND / 20, quotas.take("a", now + SECOND / 20), "beyond the wrap of the clock");
    assertEquals(TenantQuotas.TAKEN, quotas.take("a", now + SECOND / 10));
    assertTrue(quotas.take("a", now + SECOND / 10) > 0);
    assertEquals(TenantQuotas.TAKEN, quotas.take("b", now), "its own bucket");
  }

  @Test
  void aConfiguredQuotaReplacesTheDefault() {
    TenantQuotas quotas =
        new TenantQuotas(null, Map.of("a", new Quota(1, 1), "blocked", new Quota(0, 1)), 10);
    assertEquals(TenantQuotas.TAKEN, quotas.take("a", 0));
    assertEquals(SECOND, quotas.take("a", 0));
    assertEquals(TenantQuotas.NEVER, quotas.take("blocked", 0));
    assertEquals(TenantQuotas.TAKEN, quotas.take("other", 0), "no default, no limit");
    assertEquals(TenantQuotas.TAKEN, quotas.take(null, 0));
    assertEquals(List.of("a", "other"), List.of(quotas.label("a"), quotas.label("zebra")));
  }

  @Test
  void requestsWithoutATenantShareABucket() {
    TenantQuotas quotas = new TenantQuotas(new Quota(1, 1), Map.of(), 10);
    assertEquals(TenantQuotas.TAKEN, quotas.take(null, 0));
    assertEquals(SECOND, quotas.take(null, 0));
  }

  @Test
  void inventedTenantsDoNotGrowWithoutBoundAndShareOneBucket() {
    TenantQuotas quotas = new TenantQuotas(new Quota(1, 1), Map.of(), 2);
    assertEquals(TenantQuotas.TAKEN, quotas.take("a", 0));
    assertEquals(TenantQuotas.TAKEN, quotas.take("b", 0));
    assertEquals(TenantQuotas.TAKEN, quotas.take("c", 0), "the first of those who share");
    assertEquals(SECOND, quotas.take("d", 0));
    assertEquals(TenantQuotas.TAKEN, quotas.take("e", 3 * SECOND), "a full bucket is forgotten");
    assertEquals(TenantQuotas.TAKEN, quotas.take("f", 3 * SECOND));
  }

  @Test
  void threadsTogetherTakeNoMoreThanTheBurst() throws InterruptedException {
    TenantQuotas quotas = new TenantQuotas(new Quota(0.001, 100), Map.of(), 10);
    AtomicInteger taken = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int n = 0; n < 1_000; n++) {
                  taken.addAndGet(quotas.take("a", 7) == TenantQuotas.TAKEN ? 1 : 0);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(100, taken.get());
  }
}

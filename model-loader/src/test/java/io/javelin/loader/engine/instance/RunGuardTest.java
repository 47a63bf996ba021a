package io.javelin.loader.engine.instance;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.Test;

final class RunGuardTest {
  private final RunGuard guard = new RunGuard("model 'm'");

  @Test
  void refusesEverythingDuringARun() {
    guard.enter();
    IllegalStateException refused = assertThrows(IllegalStateException.class, guard::enter);
    assertTrue(
        Objects.requireNonNull(refused.getMessage())
            .contains("model 'm' is running in another thread"));
    assertThrows(IllegalStateException.class, guard::close);
    assertThrows(IllegalStateException.class, guard::requireIdle);
    assertThrows(IllegalStateException.class, guard::requireResult);
    guard.leave(true);
    assertDoesNotThrow(guard::enter);
  }

  @Test
  void hasAResultOnlyAfterASuccessfulRun() {
    assertThrows(IllegalStateException.class, guard::requireResult);
    guard.enter();
    guard.leave(true);
    assertDoesNotThrow(guard::requireResult);
    guard.enter();
    guard.leave(false);
    assertThrows(IllegalStateException.class, guard::requireResult);
    assertDoesNotThrow(guard::requireIdle);
  }

  @Test
  void closesOnce() {
    assertTrue(guard.close());
    assertFalse(guard.close());
    assertThrows(IllegalStateException.class, guard::enter);
    assertThrows(IllegalStateException.class, guard::requireIdle);
    assertThrows(IllegalStateException.class, guard::requireResult);
  }
}

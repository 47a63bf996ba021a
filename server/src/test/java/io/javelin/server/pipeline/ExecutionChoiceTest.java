package io.javelin.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.server.pipeline.Execution.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Run times in the tables are `fixed + rows * perRow` nanoseconds.
final class ExecutionChoiceTest {
  private static final Execution AUTO = new Execution(Mode.AUTO, 100_000);

  @ParameterizedTest
  @CsvSource({
    "3000, 300, 64, true", // a small tabular model
    "6000, 21000, 4, false", // a small convolutional network
    "5000, 730000, 0, false", // a transformer
    "98000, 1000, 2, false", // nearly all of the bound for the first row
    "0, 5999, 16, true",
    "0, 6000, 16, false",
  })
  void followsTheMeasuredCost(long fixed, long perRow, int loopRows, boolean whileBusy) {
    assertEquals(
        new ExecutionChoice(loopRows, whileBusy),
        ExecutionChoice.of(AUTO, line(fixed, perRow), 64, ExecutionChoice.THREADS));
  }

  @Test
  void aCheapModelStaysCheapUntilItCostsHalfAsMuchAgain() {
    ExecutionChoice cheap = new ExecutionChoice(16, true);
    assertTrue(ExecutionChoice.of(AUTO, line(0, 8_900), 64, cheap).whileBusy());
    assertFalse(ExecutionChoice.of(AUTO, line(0, 9_100), 64, cheap).whileBusy());
  }

  @Test
  void anUnknownCostKeepsTheModelOffTheLoop() {
    assertEquals(
        ExecutionChoice.THREADS, ExecutionChoice.of(AUTO, rows -> 0, 64, ExecutionChoice.THREADS));
  }

  @Test
  void modeEventLoopKeepsTheBoundButNotTheRuleOfCheapness() {
    Execution forced = new Execution(Mode.EVENT_LOOP, 100_000);
    assertEquals(
        new ExecutionChoice(4, true),
        ExecutionChoice.of(forced, line(6_000, 21_000), 64, ExecutionChoice.THREADS));
    assertEquals(
        ExecutionChoice.THREADS,
        ExecutionChoice.of(forced, line(0, 200_000), 64, ExecutionChoice.THREADS));
  }

  @Test
  void modeThreadsWinsOverAnyCost() {
    Execution forced = new Execution(Mode.THREADS, 100_000);
    assertEquals(
        ExecutionChoice.THREADS,
        ExecutionChoice.of(forced, line(1, 1), 64, new ExecutionChoice(64, true)));
  }

  private static RunTimes line(long fixed, long perRow) {
    return rows -> fixed + rows * perRow;
  }
}

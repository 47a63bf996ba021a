package io.javelin.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Linux lets a sleeping thread wake up to 50 microseconds late to save wake-ups. The thread that
/// sends arrivals asks for none of that; elsewhere nothing happens, and the report's send lag shows
/// what remains.
public final class TimerSlack {
  private static final Path THIS_THREAD = Path.of("/proc/thread-self");
  private static final String SMALLEST_NANOS = "1";

  private TimerSlack() {}

  /// Asks for exact wake-ups of the calling thread.
  @SuppressWarnings(
      "EmptyCatch") // An improvement only: a system without the file is served as well.
  public static void shrinkForThisThread() {
    try {
      Path threadId = Files.readSymbolicLink(THIS_THREAD).getFileName();
      Files.writeString(Path.of("/proc", threadId.toString(), "timerslack_ns"), SMALLEST_NANOS);
    } catch (IOException | UnsupportedOperationException e) {
    }
  }
}

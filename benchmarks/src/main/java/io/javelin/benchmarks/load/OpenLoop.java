package io.javelin.benchmarks.load;

/// Sends every arrival at its time, whatever became of the ones before it. Single-threaded.
final class OpenLoop implements SendLoop {
  private final ArrivalSchedule schedule;
  private final RunWindow window;
  private final InferSender sender;
  private final PhaseRecorders recorders;
  private final int maxInFlight;
  private long intendedNanos;

  OpenLoop(
      ArrivalSchedule schedule,
      RunWindow window,
      InferSender sender,
      PhaseRecorders recorders,
      int maxInFlight) {
    this.schedule = schedule;
    this.window = window;
    this.sender = sender;
    this.recorders = recorders;
    this.maxInFlight = maxInFlight;
    intendedNanos = window.startNanos() + schedule.next();
  }

  @Override
  public long doWork(long nowNanos) {
    while (intendedNanos - nowNanos <= 0 && !window.isOver(intendedNanos)) {
      LatencyRecorder recorder = recorders.at(intendedNanos);
      if (sender.inFlight() >= maxInFlight) {
        recorder.onOverrun();
      } else {
        sender.send(intendedNanos, recorder);
      }
      intendedNanos = window.startNanos() + schedule.next();
    }
    return window.isOver(intendedNanos) ? window.endNanos() : intendedNanos;
  }
}

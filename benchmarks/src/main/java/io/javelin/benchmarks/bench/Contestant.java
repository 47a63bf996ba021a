package io.javelin.benchmarks.bench;

import io.javelin.benchmarks.bench.client.LeanClient;
import io.javelin.benchmarks.bench.client.SliceResult;
import io.javelin.benchmarks.bench.client.Traffic;
import io.javelin.benchmarks.bench.process.ServerUnderTest;
import io.javelin.benchmarks.bench.process.ServerUnderTest.Usage;
import io.javelin.benchmarks.bench.process.ServerUnderTest.UsageMeter;
import io.javelin.benchmarks.bench.report.Figure;
import io.javelin.benchmarks.bench.report.Sample;
import io.javelin.benchmarks.load.Arrivals;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/// A server and the client that loads it. One thread at a time.
///
/// @param traffic what it is asked
record Contestant(ServerUnderTest server, LeanClient client, Traffic traffic) {
  private static final double NANOS_PER_MICRO = 1e3;

  String name() {
    return server.name();
  }

  /// One slice and what it cost.
  record Measured(SliceResult slice, Usage server, double clientCpuNanos) {
    double perAnswer(double total) {
      return slice.counts().allAnswered() == 0 ? Double.NaN : total / slice.counts().allAnswered();
    }

    /// Core-seconds per second that the client took.
    double clientCores() {
      return perAnswer(clientCpuNanos) * slice.okPerSecond() / 1e9;
    }

    Map<Figure, Double> figures() {
      Map<Figure, Double> figures = new EnumMap<>(Figure.class);
      figures.put(Figure.RATE, slice.okPerSecond());
      figures.put(Figure.P50, slice.micros(50));
      figures.put(Figure.P99, slice.micros(99));
      figures.put(Figure.P999, slice.micros(99.9));
      figures.put(Figure.SERVER_CPU, perAnswer(server.cpuNanos()) / NANOS_PER_MICRO);
      figures.put(Figure.SERVER_BYTES, perAnswer(server.allocatedBytes()));
      figures.put(Figure.CLIENT_CPU, perAnswer(clientCpuNanos) / NANOS_PER_MICRO);
      figures.put(Figure.BATCH, server.meanBatch());
      figures.put(Figure.SEND_LAG, slice.sendLag().getValueAtPercentile(99) / NANOS_PER_MICRO);
      figures.put(Figure.LOST, (double) slice.lost());
      return figures;
    }
  }

  Measured measure(Arrivals arrivals, Duration length) throws IOException, InterruptedException {
    return measure(traffic, arrivals, length);
  }

  Measured measure(Traffic other, Arrivals arrivals, Duration length)
      throws IOException, InterruptedException {
    UsageMeter meter = server.startUsage();
    long clientBefore = ownCpuNanos();
    SliceResult slice = client.run(other, arrivals, length);
    long clientNanos = ownCpuNanos() - clientBefore;
    return new Measured(slice, meter.stop(), clientNanos);
  }

  Sample sample(LoadStep load, int round, Duration length)
      throws IOException, InterruptedException {
    return new Sample(name(), load.label(), round, measure(load.arrivals(), length).figures());
  }

  private static long ownCpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }
}

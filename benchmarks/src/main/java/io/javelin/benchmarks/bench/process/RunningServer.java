package io.javelin.benchmarks.bench.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/// A server that somebody else has started, and that is left running.
///
/// @param pid its process id on this machine, or 0: then its CPU time stays unknown
public record RunningServer(String name, InetSocketAddress address, long pid)
    implements ServerUnderTest {
  @Override
  public UsageMeter startUsage() throws IOException {
    if (pid == 0) {
      return () -> Usage.UNKNOWN;
    }
    Duration earlier = cpuTime();
    return () ->
        new Usage((double) cpuTime().minus(earlier).toNanos(), Double.NaN, Double.NaN, Double.NaN);
  }

  private Duration cpuTime() throws IOException {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow(() -> new IOException("process " + pid + " does not tell its CPU time"));
  }

  @Override
  public void close() {}
}

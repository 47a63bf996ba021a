package io.javelin.benchmarks.bench.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// A server in a JVM that the benchmark started. Not thread-safe.
public final class JvmServer implements ServerUnderTest {
  private final String name;
  private final ChildJvm jvm;
  private final JvmCounters counters;
  private final InetSocketAddress address;
  private final BatchCounter batches;

  /// Takes ownership of `jvm`.
  JvmServer(String name, ChildJvm jvm, int port, BatchCounter batches) throws IOException {
    this.name = name;
    this.jvm = jvm;
    this.batches = batches;
    address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try {
      counters = JvmCounters.attach(jvm.pid());
    } catch (IOException e) {
      jvm.close();
      throw e;
    }
  }

  /// Wraps a process whose first line of output is its port.
  public static JvmServer withPortOnOutput(String name, ChildJvm jvm) throws IOException {
    try {
      int port = Integer.parseInt(jvm.readLine().strip());
      return new JvmServer(name, jvm, port, BatchCounter.NONE);
    } catch (IOException | NumberFormatException e) {
      jvm.close();
      throw new IOException(name + " did not start: " + e.getMessage(), e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  /// The process id.
  public long pid() {
    return jvm.pid();
  }

  // Whatever the batch counter costs the server stays outside of what is counted.
  @Override
  public UsageMeter startUsage() throws IOException, InterruptedException {
    BatchCounter.Batches earlierBatches = batches.read();
    JvmCounters.Reading earlier = counters.read();
    return () -> {
      JvmCounters.Reading used = counters.between(earlier, counters.read());
      BatchCounter.Batches later = batches.read();
      return new Usage(
          used.cpuNanos(),
          used.allocatedBytes(),
          later.batches() - earlierBatches.batches(),
          later.requests() - earlierBatches.requests());
    };
  }

  @Override
  public void close() {
    counters.close();
    jvm.close();
  }
}

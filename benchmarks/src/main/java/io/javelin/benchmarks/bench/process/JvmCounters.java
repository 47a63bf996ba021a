package io.javelin.benchmarks.bench.process;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.util.stream.LongStream;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/// CPU time and allocated bytes of another JVM on this machine, which need not know that it is
/// measured. Not thread-safe.
///
/// Asking costs the other JVM some CPU time and memory. That cost is measured at the start and
/// taken off every difference.
public final class JvmCounters implements AutoCloseable {
  private static final int CALIBRATIONS = 31;

  /// Totals since the JVM's start.
  ///
  /// @param cpuNanos of the whole process
  /// @param allocatedBytes by all threads, ended ones included
  public record Reading(long cpuNanos, long allocatedBytes) {}

  private final JMXConnector connector;
  private final MBeanServerConnection connection;
  private final ObjectName system;
  private final ObjectName threads;
  private final Reading cost;

  private JvmCounters(JMXConnector connector) throws IOException {
    this.connector = connector;
    this.connection = connector.getMBeanServerConnection();
    try {
      system = new ObjectName("java.lang:type=OperatingSystem");
      threads = new ObjectName("java.lang:type=Threading");
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
    cost = calibrate();
  }

  /// Connects to the JVM with process id `pid`, of the same user.
  ///
  /// @throws IOException when it is no JVM or cannot be asked
  @SuppressWarnings(
      "BanJNDI") // The address comes from a process of the same user, on this machine.
  public static JvmCounters attach(long pid) throws IOException {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        String address = machine.startLocalManagementAgent();
        return new JvmCounters(JMXConnectorFactory.connect(new JMXServiceURL(address)));
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException e) {
      throw new IOException("process " + pid + " is not a JVM that can be asked", e);
    }
  }

  /// The totals now.
  public Reading read() throws IOException {
    return new Reading(
        number(system, "ProcessCpuTime"), number(threads, "TotalThreadAllocatedBytes"));
  }

  /// What was used between two readings, without the cost of reading; never below 0.
  public Reading between(Reading earlier, Reading later) {
    return new Reading(
        Math.max(0, later.cpuNanos() - earlier.cpuNanos() - cost.cpuNanos()),
        Math.max(0, later.allocatedBytes() - earlier.allocatedBytes() - cost.allocatedBytes()));
  }

  private Reading calibrate() throws IOException {
    long[] cpu = new long[CALIBRATIONS];
    long[] bytes = new long[CALIBRATIONS];
    Reading last = read();
    for (int i = 0; i < CALIBRATIONS; i++) {
      Reading next = read();
      cpu[i] = next.cpuNanos() - last.cpuNanos();
      bytes[i] = next.allocatedBytes() - last.allocatedBytes();
      last = next;
    }
    return new Reading(median(cpu), median(bytes));
  }

  private static long median(long... values) {
    return LongStream.of(values).sorted().skip(values.length / 2).findFirst().orElseThrow();
  }

  private long number(ObjectName bean, String attribute) throws IOException {
    try {
      return (Long) connection.getAttribute(bean, attribute);
    } catch (JMException e) {
      throw new IOException("the JVM does not tell its " + attribute, e);
    }
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException e) {
      // The other JVM may be gone already; nothing of this one is held by the connection then.
      return;
    }
  }
}

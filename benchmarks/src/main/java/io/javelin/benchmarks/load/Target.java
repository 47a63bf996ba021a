package io.javelin.benchmarks.load;

import java.net.InetSocketAddress;

/// Reads `host:port`, and keeps load away from other people's machines.
public final class Target {
  private Target() {}

  /// Parses and resolves `hostAndPort`; an IPv6 address stands in brackets.
  ///
  /// @param allowRemote whether the host may be another machine
  /// @throws IllegalArgumentException when it is not a reachable name, or is remote and may not be
  public static InetSocketAddress resolve(String hostAndPort, boolean allowRemote) {
    int colon = hostAndPort.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("expected host:port, found '" + hostAndPort + "'");
    }
    InetSocketAddress address =
        new InetSocketAddress(hostAndPort.substring(0, colon), port(hostAndPort, colon));
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("unknown host in '" + hostAndPort + "'");
    }
    if (!allowRemote && !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "'" + hostAndPort + "' is not this machine; pass --allow-remote to load it anyway");
    }
    return address;
  }

  private static int port(String hostAndPort, int colon) {
    String text = hostAndPort.substring(colon + 1);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("expected a port number, found '" + text + "'", e);
    }
  }
}

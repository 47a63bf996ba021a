package io.javelin.benchmarks.bench.report;

/// What is measured of one slice of load.
public enum Figure {
  /// OK answers per second.
  RATE("ok/s", 0),
  /// Median latency from the intended start.
  P50("p50 us", 0),
  /// 99 of 100 are faster.
  P99("p99 us", 0),
  /// 999 of 1000 are faster.
  P999("p99.9 us", 0),
  /// CPU time of the server's process for each answer.
  SERVER_CPU("server CPU us/req", 1),
  /// Bytes that the server allocated on its heap for each answer.
  SERVER_BYTES("server B/req", 0),
  /// CPU time of the benchmark's own process for each answer.
  CLIENT_CPU("client CPU us/req", 1),
  /// Requests in a batch.
  BATCH("mean batch", 1),
  /// How late the client sent, 99 of 100.
  SEND_LAG("client lag p99 us", 0),
  /// Errors, requests not sent, requests never answered.
  LOST("lost", 0);

  private final String title;
  private final int decimals;

  Figure(String title, int decimals) {
    this.title = title;
    this.decimals = decimals;
  }

  /// Heading of its column.
  public String title() {
    return title;
  }

  /// A value as it stands in a table; empty when it is not known.
  public String format(double value) {
    return Numbers.grouped(value, decimals);
  }
}

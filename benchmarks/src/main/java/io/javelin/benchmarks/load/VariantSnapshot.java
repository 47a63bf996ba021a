package io.javelin.benchmarks.load;

import io.grpc.Status;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// What one variant and version answered.
///
/// @param errors number of errors by status code, without entries of 0
/// @param latency of the OK answers, nanoseconds from the intended start; read only
public record VariantSnapshot(
    String variant, String version, long ok, Map<Status.Code, Long> errors, Histogram latency) {
  /// Variant and version of an answer that does not name them.
  public static final String UNKNOWN = "-";

  /// All errors together.
  public long errorCount() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }

  /// OK answers and errors.
  public long answered() {
    return ok + errorCount();
  }

  boolean isSameAs(VariantSnapshot other) {
    return variant.equals(other.variant) && version.equals(other.version);
  }

  VariantSnapshot since(VariantSnapshot earlier) {
    Map<Status.Code, Long> difference = new EnumMap<>(Status.Code.class);
    errors.forEach((code, count) -> {
      long more = count - earlier.errors.getOrDefault(code, 0L);
      if (more > 0) {
        difference.put(code, more);
      }
    });
    Histogram later = latency.copy();
    later.subtract(earlier.latency);
    return new VariantSnapshot(variant, version, ok - earlier.ok, difference, later);
  }
}

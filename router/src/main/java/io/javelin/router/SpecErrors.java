package io.javelin.router;

import io.javelin.router.RoutingTableCompiler.RoutingError;
import java.math.BigDecimal;
import java.util.List;

/// Collects the mistakes found in the spec of one model.
final class SpecErrors {
  private final String model;
  private final List<RoutingError> sink;

  SpecErrors(String model, List<RoutingError> sink) {
    this.model = model;
    this.sink = sink;
  }

  void add(String field, String message) {
    sink.add(new RoutingError(model, field, message));
  }

  /// Basis points as the operator wrote them: 1250 is `12.5 %`.
  static String percent(long basisPoints) {
    return BigDecimal.valueOf(basisPoints, 2).stripTrailingZeros().toPlainString() + " %";
  }
}

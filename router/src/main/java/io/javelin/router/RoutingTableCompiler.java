package io.javelin.router;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns specs into a table, or lists every mistake at once. Pure.
///
/// CONTRACT SKETCH (signatures are fixed, bodies to be written).
public final class RoutingTableCompiler {
  /// What came out: exactly one of the two.
  public sealed interface Result {
    record Compiled(RoutingTable table) implements Result {}

    record Rejected(List<RoutingError> errors) implements Result {}
  }

  /// One mistake.
  ///
  /// @param model model whose spec is wrong
  /// @param field path inside the spec, e.g. `variants[1].weight_percent` or `salt`
  public record RoutingError(String model, String field, String message) {}

  /// Compiles `specs`. `previous`, when given, is the table in force: a change that would move a
  /// user between two treatments under the same salt is an error.
  public Result compile(long generation, List<RouteSpec> specs, @Nullable RoutingTable previous) {
    throw new UnsupportedOperationException();
  }
}

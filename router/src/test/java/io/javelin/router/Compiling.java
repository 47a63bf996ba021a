package io.javelin.router;

import io.javelin.router.RoutingTableCompiler.Result;
import io.javelin.router.RoutingTableCompiler.RoutingError;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compiles in tests where the outcome is expected.
final class Compiling {
  private Compiling() {}

  static RoutingTable table(SpecBuilder... specs) {
    return after(null, specs);
  }

  static RoutingTable after(@Nullable RoutingTable previous, SpecBuilder... specs) {
    return switch (compile(previous, specs)) {
      case Result.Compiled compiled -> compiled.table();
      case Result.Rejected rejected ->
          throw new AssertionError("expected a table, got " + rejected.errors());
    };
  }

  static List<RoutingError> errors(SpecBuilder... specs) {
    return errorsAfter(null, specs);
  }

  static List<RoutingError> errorsAfter(@Nullable RoutingTable previous, SpecBuilder... specs) {
    return switch (compile(previous, specs)) {
      case Result.Compiled compiled ->
          throw new AssertionError("expected errors, got table " + compiled.table().generation());
      case Result.Rejected rejected -> rejected.errors();
    };
  }

  static Result compile(@Nullable RoutingTable previous, SpecBuilder... specs) {
    long generation = previous == null ? 1 : previous.generation() + 1;
    List<RouteSpec> built = Arrays.stream(specs).map(SpecBuilder::build).toList();
    return new RoutingTableCompiler().compile(generation, built, previous);
  }
}

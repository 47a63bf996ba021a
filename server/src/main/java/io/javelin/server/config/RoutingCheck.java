package io.javelin.server.config;

import io.javelin.router.RouteSpec;
import io.javelin.router.RoutingTableCompiler;
import io.javelin.router.RoutingTableCompiler.RoutingError;
import java.util.List;

/// Seam to the routing compiler: what is wrong with these specs? Pure; any thread; must not throw.
@FunctionalInterface
interface RoutingCheck {
  List<RoutingError> check(List<RouteSpec> specs);

  /// The compiler itself. The table it makes is thrown away: the one that goes into force is
  /// compiled against the table then in force.
  static RoutingCheck compiler() {
    return specs ->
        switch (new RoutingTableCompiler().compile(1, specs, null)) {
          case RoutingTableCompiler.Result.Compiled compiled -> List.of();
          case RoutingTableCompiler.Result.Rejected rejected -> rejected.errors();
        };
  }
}

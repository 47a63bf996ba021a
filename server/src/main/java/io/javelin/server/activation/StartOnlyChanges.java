package io.javelin.server.activation;

import io.javelin.server.config.ModelConfig;
import io.javelin.server.config.ServingConfig;
import io.javelin.server.pipeline.RuntimeSettings;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Finds changes that a running server cannot follow. They are refused, rather than applied in part
/// or silently at the next start. Pure.
final class StartOnlyChanges {
  private StartOnlyChanges() {}

  /// One line per such change; empty when `next` can be applied.
  static List<String> between(ServingConfig current, ServingConfig next) {
    List<String> found = new ArrayList<>();
    section(found, "server", current.server(), next.server());
    section(found, "registry", current.registry(), next.registry());
    section(found, "user_id", current.userId(), next.userId());
    section(found, "tenants", current.tenants(), next.tenants());
    section(found, "tracing", current.tracing(), next.tracing());
    for (ModelConfig model : next.models()) {
      current.models().stream()
          .filter(old -> old.name().equals(model.name()))
          .filter(old -> settings(model).needsReload(settings(old)))
          .forEach(old ->
              found.add(
                  ("models[%s]: engine, max_batch_size, instance_group, execution, execution_provider,"
                          + " options and threads are fixed while a version is loaded; restart"
                          + " to change them")
                      .formatted(model.name())));
    }
    return found;
  }

  private static RuntimeSettings settings(ModelConfig model) {
    return SettingsMapper.toSettings(model);
  }

  private static void section(
      List<String> found, String name, @Nullable Record current, @Nullable Record next) {
    if (Objects.equals(current, next)) {
      return;
    }
    if (current == null || next == null) {
      String state = next == null ? "is gone from the file" : "is new in the file";
      found.add("%s: %s, but takes effect only at start".formatted(name, state));
      return;
    }
    for (RecordComponent component : current.getClass().getRecordComponents()) {
      Object running = value(component, current);
      Object wanted = value(component, next);
      if (running instanceof Record inner && wanted instanceof Record other) {
        section(found, name, inner, other);
      } else if (!Objects.equals(running, wanted)) {
        found.add(
            "%s.%s: takes effect only at start; running with %s, file says %s"
                .formatted(name, key(component), running, wanted));
      }
    }
  }

  private static @Nullable Object value(RecordComponent component, Record owner) {
    try {
      return component.getAccessor().invoke(owner);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("records have public accessors", e);
    }
  }

  /// The YAML spelling of a record component: `grpcPort` is `grpc_port`.
  private static String key(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}

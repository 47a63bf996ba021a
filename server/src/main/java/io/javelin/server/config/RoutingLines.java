package io.javelin.server.config;

import io.javelin.router.RoutingTableCompiler.RoutingError;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Gives the routing compiler's errors their line in the file. Immutable; any thread.
public final class RoutingLines {
  private static final Pattern STEP = Pattern.compile("\\.?([^.\\[\\]]+)|\\[(\\d+)]");

  private final String file;
  private final Places places;
  private final Map<String, String> modelPointers;

  /// @param modelPointers model name to the pointer of its section
  RoutingLines(String file, Places places, Map<String, String> modelPointers) {
    this.file = file;
    this.places = places;
    this.modelPointers = Map.copyOf(modelPointers);
  }

  /// The same error with file, line and full key. The line is that of the nearest key that the file
  /// has.
  ///
  /// @param field path inside `routing`, such as `variants[1].weight_percent`
  public ConfigError locate(String model, String field, String message) {
    String section = modelPointers.get(model);
    if (section == null) {
      return new ConfigError(file, 1, "models", message, null, null);
    }
    String routing = Places.child(section, "routing");
    String key = places.at(routing).key() + (field.isEmpty() ? "" : "." + field);
    return new ConfigError(file, places.at(find(routing, field)).line(), key, message, null, null);
  }

  ConfigError locate(RoutingError error) {
    return locate(error.model(), error.field(), error.message());
  }

  private String find(String routing, String field) {
    String pointer = routing;
    Matcher step = STEP.matcher(field);
    int end = 0;
    while (end < field.length()) {
      // User ids may hold dots: the whole rest can be one key.
      String rest = Places.child(pointer, field.substring(end).replaceFirst("^\\.", ""));
      if (places.has(rest)) {
        return rest;
      }
      if (!step.find(end) || step.start() != end) {
        return pointer;
      }
      String name = step.group(1) == null ? step.group(2) : step.group(1);
      String child = Places.child(pointer, name);
      if (!places.has(child)) {
        return pointer;
      }
      pointer = child;
      end = step.end();
    }
    return pointer;
  }
}

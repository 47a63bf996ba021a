package io.javelin.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Checks between fields of the whole file, and of the sections that are not a model's.
final class ServingChecks {
  private static final List<String> PORTS =
      List.of("grpc_port", "http_port", "metrics_port", "admin_port");

  private final Findings findings;
  private final Places places;

  ServingChecks(Findings findings, Places places) {
    this.findings = findings;
    this.places = places;
  }

  void check(Section document) {
    ports(document.section("server"));
    Section registry = document.section("registry");
    path(registry, "cache_dir");
    registryUrl(registry);
    endpoint(document.section("tracing"));
    modelNames(document.sections("models"));
  }

  /// Two listeners cannot share a port, except that each 0 finds its own.
  private void ports(Section server) {
    Map<Integer, String> taken = new HashMap<>();
    for (String key : PORTS) {
      int port = server.integer(key);
      if (port == 0 || !findings.sound(server.pointer(key))) {
        continue;
      }
      String other = taken.putIfAbsent(port, key);
      if (other != null) {
        // Blame the key that the operator wrote; the other may be a default.
        String blamed = server.has(key) ? key : other;
        String peer = server.has(key) ? other : key;
        String expected = "a port other than that of " + peer;
        findings.report(server.pointer(blamed), expected, String.valueOf(port));
      }
    }
  }

  private void registryUrl(Section registry) {
    if (!findings.sound(registry.pointer("url"))) {
      return;
    }
    String url = registry.text("url");
    if (filePath(url) == null) {
      String expected = "file:relative/path or file:///absolute/path";
      findings.report(registry.pointer("url"), expected, Wording.quote(url));
    }
  }

  private void endpoint(Section tracing) {
    String pointer = tracing.pointer("otlp_endpoint");
    if (!tracing.has("otlp_endpoint") || !findings.sound(pointer)) {
      return;
    }
    String url = tracing.text("otlp_endpoint");
    try {
      new URI(url).parseServerAuthority();
    } catch (URISyntaxException e) {
      findings.report(pointer, "an http:// or https:// URL", Wording.quote(url));
    }
  }

  private void path(Section section, String key) {
    if (section.has(key) && !isPath(section.text(key))) {
      String actual = Wording.quote(section.text(key));
      findings.report(section.pointer(key), "a path", actual);
    }
  }

  private void modelNames(List<Section> models) {
    Map<String, Integer> lines = new HashMap<>();
    for (Section model : models) {
      String pointer = model.pointer("name");
      if (!findings.sound(pointer)) {
        continue;
      }
      String name = model.text("name");
      Integer first = lines.putIfAbsent(name, places.at(pointer).line());
      if (first != null) {
        String actual = Wording.quote(name) + " again, first in line " + first;
        findings.report(pointer, "a unique name", actual);
      }
    }
  }

  /// The path that a `file:` URL means, or null: `file:a`, `file:/a` and `file:///a` are fine,
  /// `file://a` names a host.
  static @Nullable String filePath(String url) {
    String rest = url.substring("file:".length());
    if (rest.startsWith("//")) {
      rest = rest.substring(2);
      if (!rest.startsWith("/")) {
        return null;
      }
    }
    return isPath(rest) ? rest : null;
  }

  private static boolean isPath(String text) {
    try {
      return Path.of(text).getNameCount() >= 0;
    } catch (InvalidPathException e) {
      return false;
    }
  }
}

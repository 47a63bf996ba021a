package io.javelin.server.config;

import io.javelin.router.RouteSpec;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Turns a configuration file into a [ServingConfig], or into every mistake in it at once.
///
/// Text → YAML tree with lines ([YamlReader]) → schema ([ConfigSchema]) → checks between fields
/// ([ServingChecks], [ModelChecks]) → routing compiler ([RoutingCheck]) → records
/// ([ServingBinder]). A later stage stays silent about values that an earlier one has found wrong.
/// Never throws for a bad file. Stateless after construction; any thread.
public final class ConfigParser {
  /// What came out: exactly one of the two.
  public sealed interface Result {
    /// A configuration that may go into force.
    ///
    /// @param sha256 of the text, in hexadecimal
    /// @param routingLines gives later errors of the routing compiler their lines
    record Valid(ServingConfig config, String sha256, RoutingLines routingLines)
        implements Result {}

    /// A configuration that is refused as a whole.
    ///
    /// @param errors by line, at least one
    record Invalid(List<ConfigError> errors) implements Result {
      public Invalid {
        errors = List.copyOf(errors);
      }

      /// One error per line, ready to print.
      public String describe() {
        return errors.stream().map(ConfigError::toString).collect(Collectors.joining("\n"));
      }
    }
  }

  private final ConfigSchema schema = ConfigSchema.load();
  private final HostDefaults host;
  private final RoutingCheck routingCheck;

  public ConfigParser() {
    this(HostDefaults.ofThisProcess(), RoutingCheck.compiler());
  }

  ConfigParser(HostDefaults host, RoutingCheck routingCheck) {
    this.host = host;
    this.routingCheck = routingCheck;
  }

  /// Reads and parses the file; a file that cannot be read is a mistake like others.
  public Result parse(Path file) {
    ConfigSource source = ConfigSource.file(file);
    try {
      return parse(source.read());
    } catch (IOException e) {
      return unreadable(source.name(), e);
    }
  }

  /// Parses a text.
  ///
  /// @param sourceName stands for the file in error messages
  /// @param baseDirectory where relative paths in the text start
  public Result parse(String sourceName, String text, Path baseDirectory) {
    return parse(new ConfigSource.Content(sourceName, text, baseDirectory));
  }

  Result parse(ConfigSource.Content content) {
    Places places = new Places();
    Findings findings = new Findings(content.name(), places);
    JsonNode root = YamlReader.read(content.text(), places, findings);
    if (root == null) {
      return new Result.Invalid(findings.sorted());
    }
    schema.check(root, findings);
    Section document = Section.document(schema, root);
    List<Section> models = document.sections("models");
    new ServingChecks(findings, places).check(document);
    models.forEach(new ModelChecks(findings)::check);
    RoutingLines lines = new RoutingLines(content.name(), places, pointersByName(models));
    checkRouting(models, lines, findings);
    if (!findings.isEmpty()) {
      return new Result.Invalid(findings.sorted());
    }
    ServingConfig config = new ServingBinder(host, content.baseDirectory()).bind(document);
    return new Result.Valid(config, content.sha256(), lines);
  }

  /// The result for a source that could not be read.
  static Result unreadable(String sourceName, IOException cause) {
    String actual =
        switch (cause) {
          case NoSuchFileException e -> "no such file";
          case CharacterCodingException e -> "bytes that are not UTF-8";
          default -> String.valueOf(cause.getMessage());
        };
    String expected = "a readable file";
    return new Result.Invalid(
        List.of(new ConfigError(sourceName, 1, Places.DOCUMENT, expected, actual, null)));
  }

  /// Only models without mistakes are compiled: the others' specs would be guesses.
  private void checkRouting(List<Section> models, RoutingLines lines, Findings findings) {
    List<RouteSpec> specs = new ArrayList<>();
    for (Section model : models) {
      if (model.has("routing") && findings.sound(model.pointer())) {
        specs.add(new RouteBinder(model).bind(model.section("routing")));
      }
    }
    if (!specs.isEmpty()) {
      routingCheck.check(specs).stream().map(lines::locate).forEach(findings::add);
    }
  }

  private static Map<String, String> pointersByName(List<Section> models) {
    Map<String, String> pointers = new LinkedHashMap<>();
    models.forEach(model -> pointers.putIfAbsent(model.text("name"), model.pointer()));
    return pointers;
  }
}

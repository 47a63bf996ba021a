package io.javelin.server.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.plantuml.rules.PlantUmlArchCondition.Configuration.consideringOnlyDependenciesInDiagram;
import static com.tngtech.archunit.library.plantuml.rules.PlantUmlArchCondition.adhereToPlantUmlDiagram;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import io.javelin.loader.lifecycle.VersionState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The diagrams of `docs/architecture.md` are neither less nor more than the code.
@AnalyzeClasses(
    packages = {"io.javelin", "inference"},
    importOptions = DoNotIncludeTests.class)
class DiagramTest {
  private static final Pattern COMPONENT =
      Pattern.compile("^\\[[^]]+] ((?:<<[^>]+>> ?)+)as (\\w+)$", Pattern.MULTILINE);
  private static final Pattern PACKAGES = Pattern.compile("<<([^>]+)>>");
  private static final Pattern ARROW = Pattern.compile("^(\\w+) --> (\\w+)$", Pattern.MULTILINE);
  private static final Pattern EDGE =
      Pattern.compile("^ *([A-Z]+) --> ([A-Z]+)\\b", Pattern.MULTILINE);

  @ArchTest
  static void codeHasNoDependencyThatItsDiagramLacks(JavaClasses code) throws IOException {
    for (String diagram : diagrams()) {
      Path file = Files.createTempFile("diagram", ".puml");
      try {
        Files.writeString(file, diagram);
        classes()
            .that(describe("stand in the diagram", type -> isDrawn(type, diagram)))
            .should(adhereToPlantUmlDiagram(file, consideringOnlyDependenciesInDiagram()))
            .because("docs/architecture.md is what a newcomer believes")
            .check(code);
      } finally {
        Files.delete(file);
      }
    }
  }

  @ArchTest
  static void diagramsHaveNoArrowWithoutADependency(JavaClasses code) {
    for (String diagram : diagrams()) {
      Map<String, String[]> components = components(diagram);
      for (MatchResult arrow : DocFiles.find(ARROW, diagram)) {
        JavaClasses from = in(components, arrow.group(1), code);
        JavaClasses to = in(components, arrow.group(2), code);
        assertTrue(
            from.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .anyMatch(dependency -> to.contain(dependency.getTargetClass().getName())),
            arrow.group() + " is in the diagram and not in the code");
      }
    }
  }

  /// Everything is in the diagram of modules, and what has a diagram of its own in that one too.
  @ArchTest
  static void everyPackageIsDrawn(JavaClasses code) {
    Set<String> missing = new TreeSet<>();
    List<String> diagrams = diagrams();
    for (JavaClass type : code) {
      long drawn = diagrams.stream().filter(diagram -> isDrawn(type, diagram)).count();
      boolean hasOwnDiagram = type.getName().matches("io\\.javelin\\.(server|loader)\\..*");
      if (drawn != (hasOwnDiagram ? 2 : 1)) {
        missing.add(type.getPackageName() + " in " + drawn);
      }
    }
    assertEquals(Set.of(), missing);
  }

  @Test
  void lifeOfAVersionIsTheOneInTheCode() {
    String drawing = String.join("", DocFiles.blocks(page(), "mermaid"));
    Set<String> drawn = new TreeSet<>();
    for (MatchResult edge : DocFiles.find(EDGE, drawing)) {
      drawn.add(edge.group(1) + " --> " + edge.group(2));
    }
    Set<String> legal = new TreeSet<>();
    for (VersionState from : VersionState.values()) {
      for (VersionState to : VersionState.values()) {
        if (from.mayBecome(to)) {
          legal.add(from + " --> " + to);
        }
      }
    }
    assertEquals(legal, drawn);
  }

  private static String page() {
    return DocFiles.read("docs/architecture.md");
  }

  private static List<String> diagrams() {
    List<String> diagrams = DocFiles.blocks(page(), "plantuml");
    assertEquals(3, diagrams.size(), "diagrams: modules, server, model-loader");
    return diagrams;
  }

  private static boolean isDrawn(JavaClass type, String diagram) {
    return components(diagram).values().stream()
        .anyMatch(packages -> resideInAnyPackage(packages).test(type));
  }

  private static JavaClasses in(Map<String, String[]> components, String alias, JavaClasses code) {
    return code.that(
        resideInAnyPackage(
            Objects.requireNonNull(components.get(alias), () -> "no component " + alias)));
  }

  /// Package patterns by alias.
  private static Map<String, String[]> components(String diagram) {
    Map<String, String[]> components = new TreeMap<>();
    for (MatchResult component : DocFiles.find(COMPONENT, diagram)) {
      components.put(
          component.group(2),
          PACKAGES
              .matcher(component.group(1))
              .results()
              .map(pattern -> pattern.group(1))
              .toArray(String[]::new));
    }
    return components;
  }
}

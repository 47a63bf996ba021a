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
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.javelin.loader.lifecycle.VersionState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The diagrams of `docs/architecture.md` are neither less nor more than the code.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DiagramTest {
  private static final Pattern COMPONENT =
      Pattern.compile("^\\[[^]]+] ((?:<<[^>]+>> ?)+)as (\\w+)$", Pattern.MULTILINE);
  private static final Pattern PACKAGES = Pattern.compile("<<([^>]+)>>");
  private static final Pattern ARROW = Pattern.compile("^(\\w+) --> (\\w+)$", Pattern.MULTILINE);
  private static final Pattern EDGE =
      Pattern.compile("^ *([A-Z]+) --> ([A-Z]+)\\b", Pattern.MULTILINE);

  private final JavaClasses code =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("io.javelin", "inference");

  private String page = "";

  @BeforeAll
  void read() {
    page = DocFiles.read("docs/architecture.md");
  }

  @Test
  void codeHasNoDependencyThatItsDiagramLacks(@TempDir Path directory) throws IOException {
    List<String> diagrams = DocFiles.blocks(page, "plantuml");
    assertEquals(3, diagrams.size(), "diagrams: modules, server, model-loader");
    for (String diagram : diagrams) {
      Path file = Files.writeString(directory.resolve("diagram.puml"), diagram);
      classes()
          .that(describe("stand in the diagram", type -> isDrawn(type, diagram)))
          .should(adhereToPlantUmlDiagram(file, consideringOnlyDependenciesInDiagram()))
          .because("docs/architecture.md is what a newcomer believes")
          .check(code);
    }
  }

  @Test
  void diagramsHaveNoArrowWithoutADependency() {
    for (String diagram : DocFiles.blocks(page, "plantuml")) {
      Map<String, String[]> components = components(diagram);
      for (MatchResult arrow : DocFiles.find(ARROW, diagram)) {
        JavaClasses from = in(components, arrow.group(1));
        JavaClasses to = in(components, arrow.group(2));
        assertTrue(
            from.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .anyMatch(dependency -> to.contain(dependency.getTargetClass().getName())),
            arrow.group() + " is in the diagram and not in the code");
      }
    }
  }

  @Test
  void everyClassStandsInADiagram() {
    Set<String> missing = new TreeSet<>();
    for (JavaClass type : code) {
      boolean drawn =
          DocFiles.blocks(page, "plantuml").stream().anyMatch(diagram -> isDrawn(type, diagram));
      if (!drawn) {
        missing.add(type.getPackageName());
      }
    }
    assertEquals(Set.of(), missing);
  }

  @Test
  void lifeOfAVersionIsTheOneInTheCode() {
    Set<String> drawn = new TreeSet<>();
    for (MatchResult edge :
        DocFiles.find(EDGE, String.join("", DocFiles.blocks(page, "mermaid")))) {
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

  private static boolean isDrawn(JavaClass type, String diagram) {
    return components(diagram).values().stream()
        .anyMatch(packages -> resideInAnyPackage(packages).test(type));
  }

  private JavaClasses in(Map<String, String[]> components, String alias) {
    String[] packages = components.get(alias);
    assertTrue(packages != null, "no component " + alias);
    return code.that(resideInAnyPackage(packages == null ? new String[0] : packages));
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

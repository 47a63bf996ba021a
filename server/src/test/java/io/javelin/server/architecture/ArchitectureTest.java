package io.javelin.server.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.javelin.loader.engine.Engine;

/// Who may know whom. The picture of it is `docs/architecture.md`, see [DiagramTest].
///
/// Covers the server and what it is made of; benchmarks and client samples are built later.
@AnalyzeClasses(
    packages = {"io.javelin", "inference"},
    importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  /// Classes that are written by hand, in all modules.
  static final String[] OURS = {
    "io.javelin.batching..", "io.javelin.router..", "io.javelin.loader..", "io.javelin.server.."
  };

  private static final String[] PROTO = {"inference..", "io.javelin.v1.."};

  @ArchTest static final ArchRule batchingIsALeaf = leaf("io.javelin.batching..");

  @ArchTest static final ArchRule routerIsALeaf = leaf("io.javelin.router..");

  @ArchTest static final ArchRule modelLoaderIsALeaf = leaf("io.javelin.loader..");

  @ArchTest
  static final ArchRule protoKnowsNoneOfUs =
      noClasses()
          .that()
          .resideInAnyPackage(PROTO)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(OURS)
          .because("clients are built on proto alone");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices()
          .matching("io.javelin.(**)")
          .should()
          .beFreeOfCycles()
          .because("a cycle of packages can only be read, tested and changed as a whole");

  @ArchTest
  static final ArchRule onnxRuntimeStaysBehindItsSeam =
      only("io.javelin.loader.engine.onnx..", "ai.onnxruntime..")
          .because("the engine must be replaceable (docs/adr/0010-onnx-runtime-java.md)");

  @ArchTest
  static final ArchRule metricsLibrariesStayInMetrics =
      only("io.javelin.server.metrics..", "io.prometheus..", "io.micrometer..")
          .because("the request path reports to Telemetry (docs/adr/0008-hot-path-metrics.md)");

  @ArchTest
  static final ArchRule openTelemetryStaysInTracing =
      only("io.javelin.server.tracing..", "io.opentelemetry..")
          .because("the request path reports to RequestTracer, and tracing is off by default");

  @ArchTest
  static final ArchRule grpcStaysInItsFront =
      only("io.javelin.server.grpc..", "io.grpc..", "com.google.protobuf..", "inference..")
          .because("a second front must be able to share the pipeline");

  @ArchTest
  static final ArchRule nettyStaysInTheFronts =
      noClasses()
          .that()
          .resideInAnyPackage(OURS)
          .and(resideOutsideOfPackages("io.javelin.server.grpc..", "io.javelin.server.http.."))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..")
          .because("only the fronts own event loops and received buffers");

  @ArchTest
  static final ArchRule fileFormatsStayInConfig =
      only(
              "io.javelin.server.config..",
              "org.snakeyaml..",
              "com.networknt..",
              "tools.jackson..",
              "com.fasterxml..")
          .because("the configuration has one home: what leaves it are checked records");

  @ArchTest
  static final ArchRule modelLoaderKnowsFewLibraries =
      classes()
          .that()
          .resideInAPackage("io.javelin.loader..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "io.javelin.loader..",
              "ai.onnxruntime..",
              "org.slf4j..",
              "org.jspecify..",
              "com.google.errorprone.annotations..")
          .because("a store's or engine's library comes in with its own sub-package and rule");

  @ArchTest
  static final ArchRule onlyTheEngineOfAnEngineIsPublic =
      classes()
          .that()
          .resideInAnyPackage("io.javelin.loader.engine.onnx..", "io.javelin.loader.engine.echo..")
          .and()
          .areNotAssignableTo(Engine.class)
          .and()
          .doNotHaveSimpleName("package-info")
          .should()
          .notBePublic()
          .because("whoever uses an engine knows the seam and nothing behind it");

  @ArchTest
  static final ArchRule logsThroughTheFacade =
      noClasses()
          .that()
          .resideInAnyPackage(OURS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ch.qos.logback..", "java.util.logging..", "org.apache.logging..")
          .because("who embeds the server chooses the logging library");

  @ArchTest
  static final ArchRule mainKnowsNoTestLibrary =
      noClasses()
          .that()
          .resideInAnyPackage(OURS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.junit..",
              "com.tngtech.archunit..",
              "org.jetbrains.lincheck..",
              "io.opentelemetry.sdk.testing..")
          .because("production code has no hooks for tests");

  private static ArchRule leaf(String leaf) {
    return noClasses()
        .that()
        .resideInAPackage(leaf)
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.javelin..")
                .or(resideInAnyPackage(PROTO))
                .and(resideOutsideOfPackage(leaf)))
        .because(
            "leaves know neither each other nor the server (docs/adr/0001-star-of-modules.md)");
  }

  /// Only `home`, of all that is written by hand, knows `libraries`.
  private static ArchRule only(String home, String... libraries) {
    return noClasses()
        .that()
        .resideInAnyPackage(OURS)
        .and(resideOutsideOfPackage(home))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries);
  }
}

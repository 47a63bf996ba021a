package io.javelin.loader.lifecycle;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/// Who may know whom in store and lifecycle, and what only one place does.
@AnalyzeClasses(
    packages = "io.javelin.loader",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class LifecycleArchitectureTest {
  private static final String STORE = "io.javelin.loader.store..";
  private static final String LIFECYCLE = "io.javelin.loader.lifecycle..";

  @ArchTest
  static final ArchRule storeKnowsNobody =
      noClasses()
          .that()
          .resideInAPackage(STORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              LIFECYCLE, "io.javelin.loader.engine..", "ai.onnxruntime..", "io.javelin.server..");

  @ArchTest
  static final ArchRule lifecycleKnowsStoreAndEngineOnly =
      classes()
          .that()
          .resideInAPackage(LIFECYCLE)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              LIFECYCLE,
              "io.javelin.loader.store",
              "io.javelin.loader.engine",
              "java..",
              "org.slf4j..",
              "org.jspecify..");

  @ArchTest
  static final ArchRule noCycles =
      SlicesRuleDefinition.slices().matching("io.javelin.loader.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule oneOwnerOfThreads =
      noClasses()
          .that()
          .resideInAnyPackage(STORE, LIFECYCLE)
          .and()
          .doNotHaveFullyQualifiedName(ModelReconciler.class.getName())
          .should()
          .callMethod(Thread.class, "ofPlatform")
          .orShould()
          .callMethod(Thread.class, "ofVirtual")
          .orShould()
          .callConstructor(Thread.class, Runnable.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(CompletableFuture.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Executors.class);

  @ArchTest
  static final ArchRule nobodyReadsAClockOrSleeps =
      noClasses()
          .that()
          .resideInAnyPackage(STORE, LIFECYCLE)
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class)
          .orShould()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", java.time.Duration.class);

  @ArchTest
  static final ArchRule policiesAreReachedThroughTheSeam =
      noClasses()
          .that()
          .resideInAPackage(LIFECYCLE)
          .and()
          .implement(TransitionPolicy.class)
          .should()
          .bePublic();
}

package io.javelin.batching;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// What this leaf must not grow into.
@AnalyzeClasses(packages = "io.javelin.batching", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule dependsOnTheJdkAndAnnotationsOnly =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.javelin.batching..",
              "java..",
              "org.jspecify..",
              "com.google.errorprone.annotations..");

  @ArchTest
  static final ArchRule hasNoPackageCycles =
      slices().matching("io.javelin.(batching..)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyTheWorkerCreatesThreads =
      noClasses()
          .that()
          .doNotHaveSimpleName("BatchWorker")
          .should()
          .callConstructorWhere(
              DescribedPredicate.describe(
                  "a thread is created",
                  (JavaCall<?> call) -> call.getTargetOwner().isAssignableTo(Thread.class)))
          .orShould()
          .callMethod(Thread.class, "ofPlatform")
          .orShould()
          .callMethod(Thread.class, "ofVirtual")
          .orShould()
          .callMethod(Thread.class, "startVirtualThread", Runnable.class)
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching("java\\.util\\.(Timer|concurrent\\.(Executors|ForkJoinPool))");

  @ArchTest
  static final ArchRule readsNoClock =
      noClasses()
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("java.time..");

  @ArchTest
  static final ArchRule neverSleeps =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "onSpinWait")
          .orShould()
          .callMethod(Thread.class, "yield");

  @ArchTest
  static final ArchRule hasNoMutableStatics =
      noFields().should().beStatic().andShould().notBeFinal();

  @ArchTest
  static void staysSmallOutside(JavaClasses imported) {
    long publicTypes =
        imported.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .count();
    assertTrue(publicTypes <= 11, publicTypes + " public types, expected at most 11");
  }
}

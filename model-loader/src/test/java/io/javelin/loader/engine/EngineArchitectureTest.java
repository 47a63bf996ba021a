package io.javelin.loader.engine;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

@AnalyzeClasses(
    packages = "io.javelin.loader",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class EngineArchitectureTest {
  @ArchTest
  static final ArchRule onnxRuntimeStaysInItsPackage =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.javelin.loader.engine.onnx..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnxruntime..");

  @ArchTest
  static final ArchRule enginesDoNotKnowEachOther =
      slices()
          .matching("io.javelin.loader.engine.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(alwaysTrue(), resideInAPackage("io.javelin.loader.engine.instance"));

  @ArchTest
  static final ArchRule theSeamKnowsNoEngine =
      noClasses()
          .that()
          .resideInAnyPackage("io.javelin.loader.engine", "io.javelin.loader.engine.instance")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.javelin.loader.engine.onnx..", "io.javelin.loader.engine.echo..");

  @ArchTest
  static final ArchRule enginesKnowNoLifecycle =
      noClasses()
          .that()
          .resideInAPackage("io.javelin.loader.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.javelin.loader.lifecycle..");

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("io.javelin.loader.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule enginesCreateNoThreads =
      noClasses()
          .that()
          .resideInAPackage("io.javelin.loader.engine..")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Thread.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Executor.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Executors.class);

  @ArchTest
  static final ArchRule onlyTheEngineOfAPackageIsPublic =
      classes()
          .that()
          .resideInAnyPackage("io.javelin.loader.engine.onnx", "io.javelin.loader.engine.echo")
          .and()
          .arePublic()
          .should()
          .beAssignableTo(Engine.class);
}

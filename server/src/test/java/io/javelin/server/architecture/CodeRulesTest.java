package io.javelin.server.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.javelin.loader.lifecycle.ModelReconciler;
import io.javelin.server.JavelinServer;
import io.javelin.server.ServerMain;
import io.javelin.server.config.ConfigWatcher;
import io.javelin.server.http.HttpFront;
import io.javelin.server.pipeline.ShadowDispatcher;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.BaseStream;
import org.jspecify.annotations.NullMarked;

/// What code may do, wherever it stands: clocks, threads, state, names. [ArchitectureTest] says who
/// may know whom.
@AnalyzeClasses(
    packages = {"io.javelin", "inference"}, // As in the other tests, so that one import serves all.
    importOptions = DoNotIncludeTests.class)
class CodeRulesTest {
  private static final DescribedPredicate<JavaClass> OURS =
      resideInAnyPackage(ArchitectureTest.OURS);

  /// Classes that own a thread, as the table in `docs/architecture.md` lists them.
  private static final Set<String> THREAD_OWNERS =
      Set.of(
          "io.javelin.batching.BatchWorker",
          ModelReconciler.class.getName(),
          ConfigWatcher.class.getName(),
          ShadowDispatcher.class.getName(),
          "io.javelin.server.grpc.EventLoops",
          HttpFront.class.getName(),
          "io.javelin.server.Wiring",
          "io.javelin.server.StartAhead",
          ServerMain.class.getName() + "$Serve");

  private static final Set<String> CLOCK_METHODS =
      Set.of("now", "system", "systemUTC", "systemDefaultZone");

  @ArchTest
  static final ArchRule clocksAreReadInWiringOnly =
      noClasses()
          .that(OURS)
          .and()
          .doNotHaveFullyQualifiedName("io.javelin.server.Wiring")
          .should()
          .accessTargetWhere(describe("a clock is read", CodeRulesTest::readsClock))
          .because("time is passed in, so that a test is a table of numbers");

  @ArchTest
  static final ArchRule threadsAreMadeByTheirOwnersOnly =
      noClasses()
          .that(OURS)
          .and(describe("own no thread", type -> !THREAD_OWNERS.contains(type.getName())))
          .should()
          .accessTargetWhere(describe("a thread or a pool is made", CodeRulesTest::makesThread))
          .because("every thread has a name and one owner that stops it");

  @ArchTest
  static final ArchRule nothingRunsOnTheCommonPool =
      noClasses()
          .that(OURS)
          .should()
          .accessTargetWhere(describe("the common pool is used", CodeRulesTest::usesCommonPool))
          .because("its threads belong to nobody and are shared with foreign code");

  @ArchTest
  static final ArchRule onlyTheLameDuckSleeps =
      noClasses()
          .that(OURS)
          .and()
          .doNotBelongToAnyOf(JavelinServer.class)
          .should()
          .accessTargetWhere(describe("a thread sleeps or spins", CodeRulesTest::sleeps))
          .because(
              "a wait must end when its reason does; only the lame-duck time is over when it is"
                  + " over, whatever happens meanwhile");

  @ArchTest
  static final ArchRule theProcessIsAskedInConfigOnly =
      noClasses()
          .that(OURS)
          .and()
          .resideOutsideOfPackage("io.javelin.server.config..")
          .and()
          // ONNX Runtime is told by a system property where its libraries lie.
          .doNotHaveFullyQualifiedName("io.javelin.loader.engine.onnx.NativeLibraries")
          .should()
          .accessTargetWhere(describe("the process is asked", CodeRulesTest::readsProcess))
          .because("what changes behaviour stands in the configuration file");

  @ArchTest
  static final ArchRule staticFieldsAreFinal =
      fields()
          .that()
          .areDeclaredInClassesThat(OURS)
          .and()
          .areStatic()
          .should()
          .beFinal()
          .because("two servers in one process, as in the tests, must not meet");

  @ArchTest
  static final ArchRule nobodyFetchesInstances =
      noMethods()
          .that()
          .areDeclaredInClassesThat(OURS)
          .should()
          .haveName("getInstance")
          .because("what a class needs is given to its constructor, in Wiring");

  @ArchTest
  static final ArchRule namesSayWhatAClassDoes =
      noClasses()
          .that(OURS)
          .should()
          .haveNameMatching(".*(Utils?|Helpers?|Manager|Common|Impl)")
          .orShould()
          .resideInAnyPackage("..util..", "..utils..", "..common..", "..misc..", "..helper..")
          .because("such a name is where unrelated code collects");

  @ArchTest
  static final ArchRule everyPackageIsIntroducedAndNullMarked =
      classes()
          .that(OURS)
          .should(liveInNullMarkedPackage())
          .because("package-info says what a package is for, and NullAway checks marked code only");

  /// A guard against rules that look at nothing, for example after a package was renamed.
  @ArchTest
  static void everyModuleIsLookedAt(JavaClasses imported) {
    for (String packages : ArchitectureTest.OURS) {
      if (imported.that(resideInAnyPackage(packages)).isEmpty()) {
        throw new AssertionError("no classes in " + packages);
      }
    }
  }

  private static boolean readsClock(JavaAccess<?> access) {
    AccessTarget target = access.getTarget();
    return isMember(target, System.class, "nanoTime", "currentTimeMillis")
        || (target.getOwner().getPackageName().startsWith("java.time")
            && CLOCK_METHODS.contains(target.getName()))
        || isMember(target, java.util.Date.class, "<init>");
  }

  private static boolean makesThread(JavaAccess<?> access) {
    AccessTarget target = access.getTarget();
    JavaClass owner = target.getOwner();
    boolean constructor = target.getName().equals("<init>");
    return isMember(target, Thread.class, "ofPlatform", "ofVirtual", "startVirtualThread")
        || owner.isEquivalentTo(Executors.class)
        || owner.isEquivalentTo(java.util.Timer.class)
        || (constructor
            && (owner.isAssignableTo(Thread.class)
                || owner.isAssignableTo(Executor.class)
                || owner.isAssignableTo(ThreadFactory.class)));
  }

  private static boolean usesCommonPool(JavaAccess<?> access) {
    AccessTarget target = access.getTarget();
    return (target.getOwner().isAssignableTo(CompletableFuture.class)
            && target.getName().endsWith("Async")
            && !takesExecutor(target))
        || (target.getOwner().isAssignableTo(BaseStream.class)
            && target.getName().equals("parallel"))
        || target.getName().equals("parallelStream")
        || isMember(target, java.util.concurrent.ForkJoinPool.class, "commonPool");
  }

  private static boolean takesExecutor(AccessTarget target) {
    return target instanceof AccessTarget.CodeUnitAccessTarget method
        && method.getRawParameterTypes().stream()
            .anyMatch(type -> type.isEquivalentTo(Executor.class));
  }

  private static boolean sleeps(JavaAccess<?> access) {
    return isMember(access.getTarget(), Thread.class, "sleep", "yield", "onSpinWait")
        || isMember(access.getTarget(), TimeUnit.class, "sleep");
  }

  private static boolean readsProcess(JavaAccess<?> access) {
    AccessTarget target = access.getTarget();
    return isMember(
            target,
            System.class,
            "getenv",
            "getProperty",
            "getProperties",
            "setProperty",
            "setProperties",
            "clearProperty")
        || isMember(target, Runtime.class, "availableProcessors", "maxMemory")
        || isMember(target, Boolean.class, "getBoolean")
        || isMember(target, Integer.class, "getInteger")
        || isMember(target, Long.class, "getLong");
  }

  private static boolean isMember(AccessTarget target, Class<?> owner, String... names) {
    return target.getOwner().isEquivalentTo(owner) && Set.of(names).contains(target.getName());
  }

  private static ArchCondition<JavaClass> liveInNullMarkedPackage() {
    return new ArchCondition<>("live in a package whose package-info has @NullMarked") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        JavaPackage home = type.getPackage();
        boolean marked =
            home.tryGetPackageInfo()
                .map(info -> info.isAnnotatedWith(NullMarked.class))
                .orElse(false);
        events.add(
            new SimpleConditionEvent(
                type,
                marked,
                home.getName() + " of " + type.getSimpleName() + ", marked: " + marked));
      }
    };
  }
}

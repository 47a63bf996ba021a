package io.javelin.router;

import io.javelin.router.RouteSpec.LayerSpec;
import io.javelin.router.RouteSpec.VariantSpec;
import io.javelin.router.RoutingTable.CompiledRoute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Turns specs into a table, or lists every mistake at once. Pure; safe from any thread.
public final class RoutingTableCompiler {
  private final Function<String, BucketHasher> hashers;

  /// Compiles for the hash of ASSIGN-1.
  public RoutingTableCompiler() {
    this(BucketHasher::sha256);
  }

  /// Compiles for another hash.
  ///
  /// @param hashers makes the hash of a salt; it is called once per salt and table, and again for a
  ///   shadow that the table does not know
  public RoutingTableCompiler(Function<String, BucketHasher> hashers) {
    this.hashers = hashers;
  }

  /// What came out: exactly one of the two.
  public sealed interface Result {
    /// A table, to be put in force.
    record Compiled(RoutingTable table) implements Result {}

    /// Nothing: the specs are wrong.
    ///
    /// @param errors all mistakes of all specs, in the order of the specs; at least one
    record Rejected(List<RoutingError> errors) implements Result {
      public Rejected {
        errors = List.copyOf(errors);
        if (errors.isEmpty()) {
          throw new IllegalArgumentException("errors: expected at least one, got none");
        }
      }
    }
  }

  /// One mistake.
  ///
  /// @param model model whose spec is wrong
  /// @param field path inside the spec, e.g. `variants[1].weight_percent` or `salt`
  /// @param message what was expected and what was found
  public record RoutingError(String model, String field, String message) {
    public RoutingError {
      if (field.isEmpty() || message.isEmpty()) {
        throw new IllegalArgumentException(
            "expected a field and a message, got '" + field + "' and '" + message + "'");
      }
    }
  }

  /// A spec, its treatments, and what its experiment owned before.
  private record Plan(RouteSpec spec, List<Treatment> treatments, BucketOwnership before) {
    /// What it owns from now on. Nobody was served by a stopped experiment: it gains nothing.
    BucketOwnership after() {
      return spec.running() ? before.after(treatments, BucketSet.of(spec.tombstones())) : before;
    }
  }

  /// Compiles `specs`. `previous`, when given, is the table in force: a change that would move a
  /// user between two treatments under the same salt is an error.
  ///
  /// `previous` never changes who serves whom, only what is refused and which reason is given:
  /// replicas that start at different times agree. What earlier tables of the process owned is
  /// remembered too, through `previous`; a start forgets it, except for the spec's tombstones.
  public Result compile(long generation, List<RouteSpec> specs, @Nullable RoutingTable previous) {
    RoutingHistory history = previous == null ? RoutingHistory.NONE : previous.history();
    List<RoutingError> errors = new ArrayList<>();
    List<Plan> plans = new ArrayList<>();
    CrossSpecChecker crossSpecs = new CrossSpecChecker(errors);
    for (RouteSpec spec : specs) {
      crossSpecs.add(spec);
      plans.add(plan(spec, history.of(spec), new SpecErrors(spec.model(), errors)));
    }
    if (!errors.isEmpty()) {
      return new Result.Rejected(errors);
    }
    return new Result.Compiled(build(generation, plans, history));
  }

  private static Plan plan(RouteSpec spec, BucketOwnership before, SpecErrors errors) {
    List<Treatment> treatments = new RouteSpecChecker(spec, errors).check();
    BucketSet tombstones = BucketSet.of(spec.tombstones());
    new TransitionChecker(before, namesOf(spec), tombstones, errors).check(treatments);
    return new Plan(spec, treatments, before);
  }

  private RoutingTable build(long generation, List<Plan> plans, RoutingHistory history) {
    Map<String, BucketHasher> hasherBySalt = new HashMap<>();
    Map<String, Experiment> byModel = new HashMap<>();
    Map<String, BucketHasher> hasherByShadow = new HashMap<>();
    Map<RouteSpec, BucketOwnership> ownership = new HashMap<>();
    for (Plan plan : plans) {
      RouteSpec spec = plan.spec();
      BucketHasher hasher = hasherBySalt.computeIfAbsent(spec.salt(), hashers);
      LayerSpec layer = spec.layer();
      Experiment.Layer slots =
          layer == null
              ? null
              : new Experiment.Layer(
                  hasherBySalt.computeIfAbsent(layer.salt(), hashers), layer.slots());
      byModel.put(
          spec.model(),
          new Experiment(
              spec, compileRoute(plan), new Experiment.Hashing(hasher, slots), generation));
      for (Shadow shadow : spec.shadows()) {
        hasherByShadow.put(
            shadow.name(), hasherBySalt.computeIfAbsent(Salt.ofShadow(shadow.name()), hashers));
      }
      ownership.put(spec, plan.after());
    }
    return new RoutingTable(
        generation,
        new RoutingTable.Parts(byModel, hasherByShadow, hashers, history.with(ownership)));
  }

  private static CompiledRoute compileRoute(Plan plan) {
    RouteSpec spec = plan.spec();
    Map<Integer, Treatment> treatmentByIndex =
        plan.treatments().stream().collect(Collectors.toMap(Treatment::index, t -> t));
    List<Variant> variants = new ArrayList<>();
    for (int i = 0; i < spec.variants().size(); i++) {
      VariantSpec variant = spec.variants().get(i);
      Treatment treatment = treatmentByIndex.get(i);
      List<BucketRange> ranges = treatment == null ? List.of() : treatment.active().ranges();
      variants.add(new Variant(variant.name(), variant.version(), ranges));
    }
    BucketSet removed = plan.before().removed(namesOf(spec)).union(BucketSet.of(spec.tombstones()));
    return new CompiledRoute(
        spec.model(),
        spec.experiment(),
        spec.salt(),
        spec.defaultVariant(),
        variants,
        spec.shadows(),
        removed.ranges());
  }

  private static Set<String> namesOf(RouteSpec spec) {
    return spec.variants().stream().map(VariantSpec::name).collect(Collectors.toSet());
  }
}

package io.javelin.router;

import java.util.List;

/// Where one request goes, and why. Carries the generation of the table that decided.
///
/// @param experiment name of the experiment, empty when the model has none
/// @param variant name of the variant; [#NO_EXPERIMENT_VARIANT] when the model has no experiment
/// @param version model version to serve, or [Variant#LATEST]
/// @param bucket the user's bucket, or -1 when none was computed
/// @param shadows shadows of the model, to be sampled by [RoutingTable#mirrors]
public record RouteDecision(
    String model,
    String experiment,
    String variant,
    long version,
    int bucket,
    Reason reason,
    List<Shadow> shadows,
    long generation) {

  /// The `variant` of a model without an experiment.
  public static final String NO_EXPERIMENT_VARIANT = "default";

  /// The `bucket` of a decision that needed no hash.
  public static final int NO_BUCKET = -1;

  public RouteDecision {
    if (version < Variant.LATEST) {
      throw new IllegalArgumentException(
          "version " + version + ": expected 1 or more, or 0 for latest");
    }
    if (bucket < NO_BUCKET || bucket >= BucketHasher.BUCKETS) {
      throw new IllegalArgumentException("bucket " + bucket + ": expected -1 to 9999");
    }
    // The table passes an unmodifiable list, which copyOf gives back as it is.
    shadows = List.copyOf(shadows);
  }

  /// Why the variant was chosen. Only [#ASSIGNED] requests enter an analysis.
  public enum Reason {
    /// The model has no experiment.
    NO_EXPERIMENT,
    /// The experiment is not running.
    STOPPED,
    /// The request carries no valid user id: the default variant serves, nothing is hashed.
    NO_UNIT,
    /// The user is on the override list.
    OVERRIDE,
    /// The user's layer bucket belongs to another experiment of the layer.
    LAYER_EXCLUDED,
    /// The user's bucket lies in the variant's ranges.
    ASSIGNED,
    /// The bucket belonged to a variant that was removed; it stays with the default.
    VARIANT_REMOVED,
    /// The bucket belongs to no treatment: the default variant serves.
    NOT_ENROLLED
  }
}

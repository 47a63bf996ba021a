package io.javelin.router;

import java.util.List;
import java.util.Map;

/// The routing of one model as an operator wrote it, labels already replaced by versions.
///
/// @param experiment name, unique in the configuration
/// @param salt seed of the assignment; immutable for the life of the experiment
/// @param running false stops the experiment: everybody gets the default variant
/// @param defaultVariant name of the variant for everybody who is not assigned to another one
/// @param variants all variants, the default one included
/// @param overrides user id to variant name
/// @param tombstones ranges of removed variants, never given to another treatment
/// @param layer the layer the experiment lives in, or null
public record RouteSpec(
    String model,
    String experiment,
    String salt,
    boolean running,
    String defaultVariant,
    List<VariantSpec> variants,
    List<Shadow> shadows,
    Map<String, String> overrides,
    List<BucketRange> tombstones,
    @org.jspecify.annotations.Nullable LayerSpec layer) {

  /// One variant. The default variant has weight 0 here: it gets what the others leave.
  ///
  /// @param weightBasisPoints share of all users, 0 to 10,000
  /// @param home buckets reserved for the variant while it ramps; null = allocated by the compiler.
  ///     It is active on the first `weightBasisPoints` buckets of its home.
  public record VariantSpec(
      String name,
      long version,
      int weightBasisPoints,
      @org.jspecify.annotations.Nullable BucketRange home) {}

  /// Slots of a layer that this experiment owns; experiments of one layer never share a user.
  public record LayerSpec(String name, String salt, BucketRange slots) {}
}

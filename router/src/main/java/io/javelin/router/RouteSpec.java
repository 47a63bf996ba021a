package io.javelin.router;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The routing of one model as an operator wrote it, labels already replaced by versions.
///
/// The constructor copies the collections and refuses nothing: [RoutingTableCompiler] reports every
/// mistake of every spec together.
///
/// @param experiment name, unique in the configuration
/// @param salt seed of the assignment; immutable for the life of the experiment
/// @param running false stops the experiment: everybody gets the default variant
/// @param defaultVariant name of the variant for everybody who is not assigned to another one
/// @param variants all variants, the default one included; the others are the treatments
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
    @Nullable LayerSpec layer) {

  public RouteSpec {
    variants = List.copyOf(variants);
    shadows = List.copyOf(shadows);
    // Not Map.copyOf: errors about overrides are to come in the order of the file.
    overrides = Collections.unmodifiableMap(new LinkedHashMap<>(overrides));
    tombstones = List.copyOf(tombstones);
  }

  /// One variant. The default variant has weight 0 here: it gets what the others leave.
  ///
  /// @param weightBasisPoints share of all users, 0 to 10,000
  /// @param home buckets reserved for the variant while it ramps; null = the compiler gives the
  ///   n-th treatment of k the n-th of k equal parts. It is active on the first `weightBasisPoints`
  ///   buckets of its home. Give homes explicitly where the number or the order of treatments may
  ///   change later under the same salt.
  public record VariantSpec(
      String name, long version, int weightBasisPoints, @Nullable BucketRange home) {}

  /// Slots of a layer that this experiment owns; experiments of one layer never share a user.
  ///
  /// @param salt seed of the layer, the same for all its experiments and no experiment's own salt
  public record LayerSpec(String name, String salt, BucketRange slots) {}
}

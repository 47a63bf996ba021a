package io.javelin.router;

import java.util.ArrayList;
import java.util.List;

/// A variant other than the default one, and the home it has been given.
///
/// @param index its place in the spec's list of variants
/// @param active the buckets it serves: the first ones of its home, as many as its weight
record Treatment(int index, String name, BucketRange home, BucketSet active) {

  /// Gives every treatment of `spec` a home: its own, or else the n-th of k equal parts for the
  /// n-th treatment of k.
  ///
  /// A function of the spec alone, so that replicas with different pasts agree. Weights and sizes
  /// of the homes are the checker's to compare; a weight that is too large is cut here.
  static List<Treatment> of(RouteSpec spec) {
    List<Treatment> treatments = new ArrayList<>();
    int count = count(spec);
    for (int index = 0; index < spec.variants().size(); index++) {
      RouteSpec.VariantSpec variant = spec.variants().get(index);
      if (!variant.name().equals(spec.defaultVariant())) {
        BucketRange own = variant.home();
        BucketRange home = own == null ? equalPart(treatments.size(), count) : own;
        treatments.add(
            new Treatment(
                index, variant.name(), home, activePart(home, variant.weightBasisPoints())));
      }
    }
    return List.copyOf(treatments);
  }

  static int count(RouteSpec spec) {
    return (int)
        spec.variants().stream().filter(v -> !v.name().equals(spec.defaultVariant())).count();
  }

  /// Path of the entry `leaf` of this variant.
  String field(String leaf) {
    return "variants[" + index + "]." + leaf;
  }

  private static BucketRange equalPart(int part, int parts) {
    return new BucketRange(startOfPart(part, parts), startOfPart(part + 1, parts));
  }

  private static int startOfPart(int part, int parts) {
    return Math.ceilDiv(part * BucketHasher.BUCKETS, parts);
  }

  private static BucketSet activePart(BucketRange home, int weightBasisPoints) {
    int size = Math.clamp(weightBasisPoints, 0, home.size());
    return size == 0
        ? BucketSet.EMPTY
        : BucketSet.of(List.of(new BucketRange(home.start(), home.start() + size)));
  }
}

package io.javelin.router;

import io.javelin.router.RouteSpec.LayerSpec;
import io.javelin.router.RouteSpec.VariantSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Builds specs for tests. The default variant is `stable`, version 1, unless told otherwise.
final class SpecBuilder {
  static final String SALT = "checkout-ranker/v1.7f3a9c21";

  private final String model;
  private String experiment;
  private String salt = SALT;
  private boolean running = true;
  private String defaultVariant = "stable";
  private final List<VariantSpec> variants = new ArrayList<>();
  private final List<Shadow> shadows = new ArrayList<>();
  private final Map<String, String> overrides = new LinkedHashMap<>();
  private final List<BucketRange> tombstones = new ArrayList<>();
  private @Nullable LayerSpec layer;

  private SpecBuilder(String model) {
    this.model = model;
    this.experiment = model + "-test";
  }

  static SpecBuilder model(String model) {
    return new SpecBuilder(model);
  }

  SpecBuilder experiment(String name) {
    experiment = name;
    return this;
  }

  SpecBuilder salt(String newSalt) {
    salt = newSalt;
    return this;
  }

  SpecBuilder stopped() {
    running = false;
    return this;
  }

  SpecBuilder defaultVariant(String name) {
    defaultVariant = name;
    return this;
  }

  SpecBuilder stable() {
    return variant("stable", 1, 0);
  }

  SpecBuilder variant(String name, long version, int weightBasisPoints) {
    variants.add(new VariantSpec(name, version, weightBasisPoints, null));
    return this;
  }

  SpecBuilder variant(String name, long version, int weightBasisPoints, BucketRange home) {
    variants.add(new VariantSpec(name, version, weightBasisPoints, home));
    return this;
  }

  SpecBuilder shadow(String name, int sampleBasisPoints) {
    shadows.add(new Shadow(name, 9, sampleBasisPoints));
    return this;
  }

  SpecBuilder shadow(Shadow shadow) {
    shadows.add(shadow);
    return this;
  }

  SpecBuilder override(String user, String variant) {
    overrides.put(user, variant);
    return this;
  }

  SpecBuilder tombstone(int start, int end) {
    tombstones.add(new BucketRange(start, end));
    return this;
  }

  SpecBuilder layer(String name, String layerSalt, int start, int end) {
    layer = new LayerSpec(name, layerSalt, new BucketRange(start, end));
    return this;
  }

  RouteSpec build() {
    return new RouteSpec(
        model,
        experiment,
        salt,
        running,
        defaultVariant,
        variants,
        shadows,
        overrides,
        tombstones,
        layer);
  }
}

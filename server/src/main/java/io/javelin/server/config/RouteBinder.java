package io.javelin.server.config;

import io.javelin.router.BucketRange;
import io.javelin.router.RouteSpec;
import io.javelin.router.Shadow;
import io.javelin.router.Variant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the router's spec from a sound `routing` section; labels become versions.
final class RouteBinder {
  private final String model;
  private final Map<String, Long> labels;

  RouteBinder(Section model) {
    this.model = model.text("name");
    this.labels = model.versionMap("version_labels");
  }

  RouteSpec bind(Section routing) {
    return new RouteSpec(
        model,
        routing.text("experiment"),
        routing.text("salt"),
        routing.flag("running"),
        routing.text("default"),
        routing.sections("variants").stream().map(this::variant).toList(),
        routing.sections("shadows").stream().map(this::shadow).toList(),
        routing.textMap("overrides"),
        routing.pairs("tombstones").stream().map(RouteBinder::range).toList(),
        routing.has("layer") ? layer(routing.section("layer")) : null);
  }

  private RouteSpec.VariantSpec variant(Section variant) {
    @Nullable BucketRange home = variant.has("home") ? range(variant.integers("home")) : null;
    return new RouteSpec.VariantSpec(
        variant.text("name"), version(variant), variant.basisPoints("weight_percent"), home);
  }

  private Shadow shadow(Section shadow) {
    return new Shadow(shadow.text("name"), version(shadow), shadow.basisPoints("sample_percent"));
  }

  private static RouteSpec.LayerSpec layer(Section layer) {
    return new RouteSpec.LayerSpec(
        layer.text("name"), layer.text("salt"), range(layer.integers("slots")));
  }

  private long version(Section target) {
    if (target.has("version")) {
      return target.wide("version");
    }
    Long labelled = labels.get(target.text("label"));
    return labelled == null ? Variant.LATEST : labelled;
  }

  private static BucketRange range(List<Integer> pair) {
    return new BucketRange(pair.get(0), pair.get(1));
  }
}

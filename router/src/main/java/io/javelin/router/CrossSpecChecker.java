package io.javelin.router;

import io.javelin.router.RouteSpec.LayerSpec;
import io.javelin.router.RoutingTableCompiler.RoutingError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds the mistakes that show only when specs are compared: of two that clash, the later one is
/// told.
final class CrossSpecChecker {
  private final List<RoutingError> sink;
  private final Map<String, RouteSpec> byModel = new HashMap<>();
  private final Map<String, RouteSpec> byExperiment = new HashMap<>();
  private final Map<String, List<Slot>> slotsByLayer = new HashMap<>();

  private record Slot(String experiment, LayerSpec layer) {}

  CrossSpecChecker(List<RoutingError> sink) {
    this.sink = sink;
  }

  /// Compares `spec` with those that were given before.
  void add(RouteSpec spec) {
    SpecErrors errors = new SpecErrors(spec.model(), sink);
    RouteSpec sameModel = byModel.putIfAbsent(spec.model(), spec);
    if (sameModel != null) {
      errors.add(
          "model",
          "expected one experiment per model, got '"
              + sameModel.experiment()
              + "' and '"
              + spec.experiment()
              + "'");
    }
    RouteSpec sameName = byExperiment.putIfAbsent(spec.experiment(), spec);
    if (sameName != null) {
      errors.add(
          "experiment",
          "expected a name of its own, got '"
              + spec.experiment()
              + "', the experiment of model '"
              + sameName.model()
              + "'");
    }
    if (spec.layer() != null) {
      addLayer(spec, spec.layer(), errors);
    }
  }

  private void addLayer(RouteSpec spec, LayerSpec layer, SpecErrors errors) {
    List<Slot> slots = slotsByLayer.computeIfAbsent(layer.name(), name -> new ArrayList<>());
    if (!slots.isEmpty() && !slots.getFirst().layer().salt().equals(layer.salt())) {
      errors.add(
          "layer.salt",
          "expected '"
              + slots.getFirst().layer().salt()
              + "', the salt of layer '"
              + layer.name()
              + "' in experiment '"
              + slots.getFirst().experiment()
              + "', got '"
              + layer.salt()
              + "'");
    }
    for (Slot slot : slots) {
      if (slot.layer().slots().overlaps(layer.slots())) {
        errors.add(
            "layer.slots",
            layer.slots()
                + " overlaps "
                + slot.layer().slots()
                + " of experiment '"
                + slot.experiment()
                + "' in layer '"
                + layer.name()
                + "': expected slots of its own");
      }
    }
    slots.add(new Slot(spec.experiment(), layer));
  }
}

package io.javelin.server.config;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Checks between the fields of one model. The experiment itself (weights, ranges, overrides) is
/// checked by the routing compiler; here only what it no longer sees, because labels are versions
/// by then.
final class ModelChecks {
  private final Findings findings;

  ModelChecks(Findings findings) {
    this.findings = findings;
  }

  void check(Section model) {
    new QueueChecks(findings).check(model);
    rowsWithinBatch(model, model.section("dynamic_batching"), "preferred_batch_size");
    rowsWithinBatch(model, model.section("warmup"), "batch_sizes");
    padding(model.section("dynamic_batching"));
    if (model.has("routing")) {
      routing(model, model.section("routing"));
    }
  }

  private void rowsWithinBatch(Section model, Section section, String key) {
    int most = model.integer("max_batch_size");
    List<Integer> sizes = section.integers(key);
    for (int i = 0; i < sizes.size(); i++) {
      String pointer = Places.child(section.pointer(key), i);
      if (sizes.get(i) > most && sound(pointer, model.pointer("max_batch_size"))) {
        String actual = String.valueOf(sizes.get(i));
        findings.report(pointer, "at most max_batch_size, " + most, actual);
      }
    }
  }

  /// A tensor has one length, and a generated input is not padded as well.
  private void padding(Section batching) {
    if (!batching.has("padding")) {
      return;
    }
    Section padding = batching.section("padding");
    Set<String> inputs = uniqueNames(padding.sections("inputs"));
    uniqueNames(padding.sections("outputs"));
    String pointer = padding.pointer("mask_input");
    String mask = padding.text("mask_input");
    if (padding.has("mask_input") && sound(pointer) && inputs.contains(mask)) {
      String expected = "an input that is not in padding.inputs, because it is generated";
      findings.report(pointer, expected, Wording.quote(mask));
    }
  }

  private Set<String> uniqueNames(List<Section> tensors) {
    Set<String> names = new HashSet<>();
    for (Section tensor : tensors) {
      String pointer = tensor.pointer("name");
      if (sound(pointer) && tensor.has("name") && !names.add(tensor.text("name"))) {
        findings.report(pointer, "a unique name", Wording.quote(tensor.text("name")) + " again");
      }
    }
    return names;
  }

  private void routing(Section model, Section routing) {
    for (Section variant : routing.sections("variants")) {
      versionOrLabel(model, variant);
      range(variant, "home");
      weight(routing, variant);
    }
    for (Section shadow : routing.sections("shadows")) {
      versionOrLabel(model, shadow);
      boolean neither = !shadow.has("version") && !shadow.has("label");
      if (neither && sound(shadow.pointer("version"), shadow.pointer("label"))) {
        findings.report(shadow.pointer(), "a version or a label", "neither");
      }
    }
    ranges(routing, "tombstones");
    range(routing.section("layer"), "slots");
  }

  private void versionOrLabel(Section model, Section target) {
    String pointer = target.pointer("label");
    if (!target.has("label") || !findings.sound(pointer)) {
      return;
    }
    if (target.has("version")) {
      findings.report(pointer, "either version or label", "both");
      return;
    }
    Map<String, Long> labels = model.versionMap("version_labels");
    String label = target.text("label");
    boolean unknowable = labels.isEmpty() && !findings.sound(model.pointer("version_labels"));
    if (labels.containsKey(label) || unknowable) {
      return;
    }
    String expected =
        labels.isEmpty()
            ? "a label of version_labels, which is empty"
            : "one of the version_labels " + String.join(", ", labels.keySet());
    String hint =
        KeySuggestion.nearest(label, labels.keySet()).map(ConfigSchema::didYouMean).orElse(null);
    findings.report(pointer, expected, Wording.quote(label), hint);
  }

  private void weight(Section routing, Section variant) {
    String pointer = variant.pointer("weight_percent");
    boolean isDefault = variant.text("name").equals(routing.text("default"));
    if (isDefault
        && variant.has("weight_percent")
        && sound(pointer, variant.pointer("name"), routing.pointer("default"))) {
      String actual = variant.number("weight_percent").toPlainString();
      String expected = "no weight, because the default variant gets what the others leave";
      findings.report(pointer, expected, actual);
    }
  }

  private void range(Section section, String key) {
    if (section.has(key)) {
      ascending(section.pointer(key), section.integers(key));
    }
  }

  private void ranges(Section section, String key) {
    List<List<Integer>> pairs = section.pairs(key);
    for (int i = 0; i < pairs.size(); i++) {
      ascending(Places.child(section.pointer(key), i), pairs.get(i));
    }
  }

  private void ascending(String pointer, List<Integer> pair) {
    if (findings.sound(pointer) && pair.get(0) >= pair.get(1)) {
      findings.report(pointer, "a range [start, end) with start below end", pair.toString());
    }
  }

  private boolean sound(String... pointers) {
    return Arrays.stream(pointers).allMatch(findings::sound);
  }
}

package io.javelin.router;

import static io.javelin.router.SpecErrors.percent;

import io.javelin.router.RouteSpec.LayerSpec;
import io.javelin.router.RouteSpec.VariantSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds the mistakes that show in one spec by itself.
final class RouteSpecChecker {
  private final RouteSpec spec;
  private final SpecErrors errors;

  RouteSpecChecker(RouteSpec spec, SpecErrors errors) {
    this.spec = spec;
    this.errors = errors;
  }

  /// Adds everything that is wrong. Returns the treatments with their homes, or none where homes
  /// make no sense yet because the variants themselves are wrong.
  List<Treatment> check() {
    checkNamesAndSalt();
    boolean variantsAreSound = checkVariants();
    checkOverrides();
    checkShadows();
    if (spec.layer() != null) {
      checkLayer(spec.layer());
    }
    if (!variantsAreSound) {
      return List.of();
    }
    List<Treatment> treatments = Treatment.of(spec);
    for (Treatment treatment : treatments) {
      checkHome(treatment, treatments);
    }
    return treatments;
  }

  private void checkNamesAndSalt() {
    requireName("model", spec.model());
    requireName("experiment", spec.experiment());
    requireSalt("salt", spec.salt());
  }

  private boolean checkVariants() {
    Map<String, Integer> indexByName = new HashMap<>();
    long total = 0;
    boolean sound = true;
    for (int i = 0; i < spec.variants().size(); i++) {
      VariantSpec variant = spec.variants().get(i);
      String path = "variants[" + i + "]";
      sound = requireName(path + ".name", variant.name()) && sound;
      Integer first = indexByName.putIfAbsent(variant.name(), i);
      if (first != null) {
        sound = false;
        errors.add(
            path + ".name",
            "'" + variant.name() + "' is already the name of variants[" + first + "]");
      }
      requireVersion(path + ".version", variant.version());
      sound = checkWeight(path, variant) && sound;
      total += variant.weightBasisPoints();
    }
    if (!indexByName.containsKey(spec.defaultVariant())) {
      sound = false;
      errors.add(
          "default",
          "'" + spec.defaultVariant() + "' is no variant: expected one of " + variantNames());
    }
    return checkTotal(total) && sound;
  }

  private boolean checkWeight(String path, VariantSpec variant) {
    int weight = variant.weightBasisPoints();
    boolean isDefault = variant.name().equals(spec.defaultVariant());
    if (isDefault && variant.home() != null) {
      errors.add(
          path + ".home",
          "the default variant has no home, it gets what the others leave; got " + variant.home());
    }
    if (isDefault && weight != 0) {
      errors.add(
          path + ".weight_percent",
          "the default variant has no weight, it gets what the others leave; got "
              + percent(weight));
    } else if (weight < 0 || weight > BucketHasher.BUCKETS) {
      errors.add(path + ".weight_percent", "expected 0 % to 100 %, got " + percent(weight));
      return false;
    }
    return true;
  }

  private boolean checkTotal(long total) {
    if (total > BucketHasher.BUCKETS) {
      errors.add("variants", "expected weights of 100 % at most in total, got " + percent(total));
    }
    if (Treatment.count(spec) > BucketHasher.BUCKETS) {
      errors.add(
          "variants",
          "expected at most 10000 variants besides the default, got " + Treatment.count(spec));
      return false;
    }
    return true;
  }

  private void checkHome(Treatment treatment, List<Treatment> all) {
    BucketRange home = treatment.home();
    VariantSpec variant = spec.variants().get(treatment.index());
    if (variant.weightBasisPoints() > home.size()) {
      errors.add(
          treatment.field("weight_percent"),
          percent(variant.weightBasisPoints())
              + " is more than the "
              + percent(home.size())
              + " of the home "
              + home
              + (variant.home() == null
                  ? ", an equal part for each of " + all.size() + " variants: give explicit homes"
                  : ": give it a larger home"));
    }
    for (Treatment other : all) {
      if (other.index() < treatment.index() && other.home().overlaps(home)) {
        errors.add(
            treatment.field("home"),
            home + " overlaps the home " + other.home() + " of '" + other.name() + "'");
      }
    }
    for (int i = 0; i < spec.tombstones().size(); i++) {
      if (spec.tombstones().get(i).overlaps(home)) {
        errors.add(
            treatment.field("home"),
            home
                + " overlaps tombstones["
                + i
                + "] "
                + spec.tombstones().get(i)
                + ": give a home outside of it, or use a new salt");
      }
    }
  }

  private void checkOverrides() {
    Set<String> names = new HashSet<>(variantNames());
    spec.overrides()
        .forEach((user, variant) -> {
          if (!names.contains(variant)) {
            errors.add(
                "overrides." + user,
                "'" + variant + "' is no variant: expected one of " + variantNames());
          }
          if (UnitId.utf8(user) == null) {
            errors.add(
                "overrides." + user,
                "no valid user id: expected 1 to 4096 bytes of valid Unicode, got "
                    + user.length()
                    + " UTF-16 units");
          }
        });
  }

  private void checkShadows() {
    Map<String, Integer> indexByName = new HashMap<>();
    for (int i = 0; i < spec.shadows().size(); i++) {
      Shadow shadow = spec.shadows().get(i);
      String path = "shadows[" + i + "]";
      if (!Salt.isValid(Salt.ofShadow(shadow.name())) || shadow.name().isEmpty()) {
        errors.add(
            path + ".name",
            "'"
                + shadow.name()
                + "': expected 1 to 121 of the characters A-Z a-z 0-9 . _ / -, because it seeds the"
                + " sample");
      }
      Integer first = indexByName.putIfAbsent(shadow.name(), i);
      if (first != null) {
        errors.add(
            path + ".name",
            "'" + shadow.name() + "' is already the name of shadows[" + first + "]");
      }
      requireVersion(path + ".version", shadow.version());
      int sample = shadow.sampleBasisPoints();
      if (sample < 0 || sample > BucketHasher.BUCKETS) {
        errors.add(path + ".sample_percent", "expected 0 % to 100 %, got " + percent(sample));
      }
    }
  }

  private void checkLayer(LayerSpec layer) {
    requireName("layer.name", layer.name());
    requireSalt("layer.salt", layer.salt());
    if (layer.salt().equals(spec.salt())) {
      errors.add(
          "layer.salt",
          "'"
              + layer.salt()
              + "' is the experiment's salt too: expected another one, or who is in the layer's"
              + " slots would decide the variant");
    }
  }

  private List<String> variantNames() {
    return spec.variants().stream().map(VariantSpec::name).toList();
  }

  private boolean requireName(String field, String name) {
    if (name.isBlank()) {
      errors.add(field, "expected a name, got '" + name + "'");
      return false;
    }
    return true;
  }

  private void requireSalt(String field, String salt) {
    if (!Salt.isValid(salt)) {
      errors.add(field, "'" + salt + "': " + Salt.EXPECTED);
    }
  }

  private void requireVersion(String field, long version) {
    if (version < Variant.LATEST) {
      errors.add(field, "expected 1 or more, or 0 for latest, got " + version);
    }
  }
}

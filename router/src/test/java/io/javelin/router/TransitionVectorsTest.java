package io.javelin.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.javelin.router.RoutingTableCompiler.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/// Changes of ranges against `02_assignment.json`. The vectors call the baseline `control`: it is
/// the default variant here, so that moves from and to it are allowed.
class TransitionVectorsTest {
  private static final String CONTROL = "control";

  private final JsonNode file = VectorFile.read("02_assignment.json");

  @TestFactory
  Stream<DynamicTest> acceptsOnlyWhatMovesNobodyBetweenTreatments() {
    return file.get("transitions")
        .valueStream()
        .map(v -> DynamicTest.dynamicTest(v.get("name").stringValue(), () -> check(v)));
  }

  private static void check(JsonNode vector) {
    String[] before = owners(vector.get("before"));
    String[] after = owners(vector.get("after"));
    int changed = 0;
    int flips = 0;
    for (int bucket = 0; bucket < BucketHasher.BUCKETS; bucket++) {
      boolean differs = !before[bucket].equals(after[bucket]);
      changed += differs ? 1 : 0;
      flips += differs && isTreatment(before[bucket]) && isTreatment(after[bucket]) ? 1 : 0;
    }
    assertEquals(vector.get("buckets_changed").intValue(), changed);
    assertEquals(vector.get("treatment_to_treatment_flips").intValue(), flips);

    RoutingTable table = Compiling.table(spec(vector.get("before")));
    Result result = Compiling.compile(table, spec(vector.get("after")));
    boolean valid = vector.get("expected_valid").booleanValue();
    Class<?> outcome = valid ? Result.Compiled.class : Result.Rejected.class;
    assertInstanceOf(outcome, result, result.toString());
  }

  private static boolean isTreatment(String owner) {
    return !owner.isEmpty() && !owner.equals(CONTROL);
  }

  private static String[] owners(JsonNode variants) {
    String[] owners = new String[BucketHasher.BUCKETS];
    java.util.Arrays.fill(owners, "");
    for (JsonNode variant : variants) {
      BucketRange range = VectorFile.rangesOf(variant.get("ranges")).getFirst();
      String name = variant.has("removed") ? "" : variant.get("name").stringValue();
      java.util.Arrays.fill(owners, range.start(), range.end(), name);
    }
    return owners;
  }

  private static SpecBuilder spec(JsonNode variants) {
    List<String> names = new ArrayList<>();
    SpecBuilder spec = SpecBuilder.model("m").defaultVariant(CONTROL).variant(CONTROL, 1, 0);
    for (JsonNode variant : variants) {
      String name = variant.get("name").stringValue();
      if (!name.equals(CONTROL) && !variant.has("removed")) {
        BucketRange range = VectorFile.rangesOf(variant.get("ranges")).getFirst();
        names.add(name);
        spec.variant(name, 1L + names.size(), range.size(), range);
      }
    }
    return spec;
  }
}

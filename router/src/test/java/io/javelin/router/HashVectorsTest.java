package io.javelin.router;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/// The hash of ASSIGN-1 against `01_hash.json`.
///
/// Out of scope: the hashes of other systems (`peers`, `peers_published`,
/// `other_hashes_of_same_key_bytes`), for which there is no compatibility mode.
class HashVectorsTest {
  private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

  private final JsonNode file = VectorFile.read("01_hash.json");

  @TestFactory
  Stream<DynamicTest> hashesLikeTheVectors() {
    return each("vectors", v -> v.get("name").stringValue(), this::checkVector);
  }

  private void checkVector(JsonNode vector) {
    String salt = vector.get("salt").stringValue();
    String unit = VectorFile.unitOf(vector);
    JsonNode expected = vector.get("expected");
    byte[] key = (salt + ":" + unit).getBytes(StandardCharsets.UTF_8);
    Sha256BucketHasher hasher = new Sha256BucketHasher(salt);
    long hash = hasher.hash64(unit.getBytes(StandardCharsets.UTF_8));
    int bucket = expected.get("bucket_10000").intValue();
    assertAll(
        () -> assertEquals(vector.get("key_utf8_len").intValue(), key.length),
        () -> {
          if (vector.has("key_utf8_hex")) {
            assertEquals(vector.get("key_utf8_hex").stringValue(), HexFormat.of().formatHex(key));
          }
        },
        () ->
            assertEquals(
                expected.get("sha256_hex").stringValue(),
                HexFormat.of().formatHex(PlainSha256BucketHasher.sha256(salt + ":" + unit))),
        () -> assertEquals(expected.get("h64_hex").stringValue(), HexFormat.of().toHexDigits(hash)),
        () -> assertEquals(expected.get("h64_unsigned").stringValue(), Long.toUnsignedString(hash)),
        () -> assertEquals(expected.get("h64_java_long").stringValue(), Long.toString(hash)),
        () -> assertEquals(bucket, Sha256BucketHasher.scale(hash, BucketHasher.BUCKETS)),
        () ->
            assertEquals(
                expected.get("bucket_1000000").intValue(),
                Sha256BucketHasher.scale(hash, 1_000_000)),
        () ->
            assertEquals(
                expected.get("bucket_100").intValue(), Sha256BucketHasher.scale(hash, 100)),
        () ->
            assertEquals(
                expected.get("unit_interval").doubleValue(),
                new BigInteger(Long.toUnsignedString(hash)).doubleValue() / TWO_TO_64.doubleValue(),
                1e-15),
        // The hash has a value for the empty unit, but no user has that id.
        () -> assertEquals(unit.isEmpty() ? BucketHasher.NO_UNIT : bucket, hasher.bucket(unit)));
  }

  @TestFactory
  Stream<DynamicTest> changesTheBucketAtTheThresholds() {
    return each(
        "thresholds",
        t -> t.get("w_bps").asString() + " basis points",
        threshold -> {
          int weight = threshold.get("w_bps").intValue();
          BigInteger ceiling =
              BigInteger.valueOf(weight)
                  .multiply(TWO_TO_64)
                  .add(BigInteger.valueOf(BucketHasher.BUCKETS - 1))
                  .divide(BigInteger.valueOf(BucketHasher.BUCKETS));
          assertEquals(threshold.get("threshold_unsigned").stringValue(), ceiling.toString());
          long first = Long.parseUnsignedLong(threshold.get("threshold_hex").stringValue(), 16);
          assertEquals(ceiling.longValue(), first);
          assertEquals(weight, Sha256BucketHasher.scale(first, BucketHasher.BUCKETS));
          if (weight > 0) {
            assertEquals(weight - 1, Sha256BucketHasher.scale(first - 1, BucketHasher.BUCKETS));
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> scalesLikeTheVectorsAtTheEdges() {
    return each(
        "bucket_edges",
        e -> e.get("h64_hex").stringValue() + " in " + e.get("bucket_10000").asString(),
        edge -> {
          long hash = Long.parseUnsignedLong(edge.get("h64_hex").stringValue(), 16);
          assertEquals(edge.get("h64_java_long").stringValue(), Long.toString(hash));
          int bucket = Sha256BucketHasher.scale(hash, BucketHasher.BUCKETS);
          assertEquals(edge.get("bucket_10000").intValue(), bucket);
          if (edge.has("bucket_less_than")) {
            JsonNode lessThan = edge.get("bucket_less_than");
            assertEquals(
                lessThan.get("expected").booleanValue(), bucket < lessThan.get("w").intValue());
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> refusesInvalidUnits() {
    return each(
        "invalid_units",
        u -> u.get("name").stringValue(),
        invalid ->
            assertEquals(
                BucketHasher.NO_UNIT,
                BucketHasher.sha256(SpecBuilder.SALT).bucket(VectorFile.unitOf(invalid))));
  }

  private Stream<DynamicTest> each(
      String array,
      java.util.function.Function<JsonNode, String> name,
      java.util.function.Consumer<JsonNode> check) {
    JsonNode vectors = file.get(array);
    assertTrue(vectors.size() > 0, "vectors in " + array);
    return vectors
        .valueStream()
        .map(v -> DynamicTest.dynamicTest(name.apply(v), () -> check.accept(v)));
  }
}

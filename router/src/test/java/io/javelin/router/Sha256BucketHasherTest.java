package io.javelin.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Sha256BucketHasherTest extends BucketHasherContract {
  @Override
  BucketHasher hasher(String salt) {
    return BucketHasher.sha256(salt);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a:b", " a", "-a", ".a", "a b", "é", "a\n"})
  void refusesASaltOfAnotherForm(String salt) {
    var e = assertThrows(IllegalArgumentException.class, () -> BucketHasher.sha256(salt));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains("'" + salt + "'"), message);
    assertTrue(message.contains("expected 1 to 128"), message);
  }

  @Test
  void takesASaltOf128CharactersAndNoMore() {
    assertEquals(
        new PlainSha256BucketHasher("s".repeat(128)).bucket("user-1"),
        BucketHasher.sha256("s".repeat(128)).bucket("user-1"));
    assertThrows(IllegalArgumentException.class, () -> BucketHasher.sha256("s".repeat(129)));
  }

  @Test
  void agreesWithADigestThatIsFedAnewEachTime() {
    for (int length = 1; length <= 128; length++) {
      String salt = "s".repeat(length);
      BucketHasher plain = new PlainSha256BucketHasher(salt);
      BucketHasher cloning = BucketHasher.sha256(salt);
      for (int i = 0; i < 50; i++) {
        String unit = "u".repeat(i) + i;
        assertEquals(plain.bucket(unit), cloning.bucket(unit), salt + ":" + unit);
      }
    }
  }
}

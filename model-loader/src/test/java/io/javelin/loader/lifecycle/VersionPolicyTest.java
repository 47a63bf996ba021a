package io.javelin.loader.lifecycle;

import static io.javelin.loader.lifecycle.ReconcilerFixture.versions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class VersionPolicyTest {
  @Test
  void latestTakesTheHighest() {
    assertEquals(versions(10L), new VersionPolicy.Latest(1).select(versions(2L, 9L, 10L)));
    assertEquals(versions(9L, 10L), new VersionPolicy.Latest(2).select(versions(2L, 9L, 10L)));
    assertEquals(versions(2L), new VersionPolicy.Latest(7).select(versions(2L)));
    assertEquals(versions(), new VersionPolicy.Latest(7).select(versions()));
  }

  @Test
  void allTakesAll() {
    assertEquals(versions(2L, 9L), new VersionPolicy.All().select(versions(2L, 9L)));
  }

  @Test
  void specificTakesItsOwnWhateverThereIs() {
    assertEquals(
        versions(3L, 4L), new VersionPolicy.Specific(versions(3L, 4L)).select(versions(4L, 5L)));
  }

  @Test
  void pinnedVersionsComeOnTop() {
    DesiredModel model = new DesiredModel("m", new VersionPolicy.Latest(1), versions(2L, 7L));
    assertEquals(versions(2L, 7L, 9L), model.select(versions(2L, 3L, 9L)));
  }

  @Test
  void refusesPoliciesThatSelectNothing() {
    assertThrows(IllegalArgumentException.class, () -> new VersionPolicy.Latest(0));
    assertThrows(IllegalArgumentException.class, () -> new VersionPolicy.Specific(versions()));
  }
}

package io.javelin.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.exceptions.DuplicateKeyException;

/// Shows that a mistake in a manifest cannot slip through the other tests.
class ManifestParserTest {
  @Test
  void acceptsTheDeploymentAsItStands() throws IOException {
    assertEquals(1, ManifestParser.parse(deployment()).size());
  }

  @Test
  void refusesAnUnknownFieldInAnyDepth() throws IOException {
    assertRefused("replica", "  replicas: 2", "  replica: 2");
    assertRefused("maxSurges", "      maxSurge: 1", "      maxSurges: 1");
    assertRefused("failureTreshold", "failureThreshold: 300", "failureTreshold: 300");
    assertRefused(
        "readOnlyRootFileSystem", "readOnlyRootFilesystem: true", "readOnlyRootFileSystem: true");
    assertRefused("sizeLimits", "sizeLimit: 1Gi", "sizeLimits: 1Gi");
  }

  @Test
  void refusesAMissingRequiredField() throws IOException {
    assertRefused("name", "        - name: javelin\n          image", "        - image");
    assertRefused("containerPort", "              containerPort: 8000\n", "");
  }

  @Test
  void refusesABadQuantity() throws IOException {
    String broken = replaced("memory: 3Gi", "memory: 3GiB");
    assertThrows(RuntimeException.class, () -> ManifestParser.parse(broken));
  }

  @Test
  void refusesADuplicateKey() throws IOException {
    String broken = replaced("  replicas: 2\n", "  replicas: 2\n  replicas: 3\n");
    assertThrows(DuplicateKeyException.class, () -> ManifestParser.parse(broken));
  }

  @Test
  void refusesAnUnknownKind() throws IOException {
    assertRefused("Deploymnt", "kind: Deployment", "kind: Deploymnt");
  }

  private static void assertRefused(String names, String text, String mistake) throws IOException {
    String broken = replaced(text, mistake);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> ManifestParser.parse(broken), mistake);
    assertTrue(String.valueOf(refusal.getMessage()).contains(names), refusal::getMessage);
  }

  private static String replaced(String text, String replacement) throws IOException {
    String original = deployment();
    assertTrue(original.contains(text), text);
    return original.replace(text, replacement);
  }

  private static String deployment() throws IOException {
    return Files.readString(BaseManifests.FOLDER.resolve("deployment.yaml"));
  }
}

package io.javelin.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ContainerPort;
import io.kubernetes.client.openapi.models.V1GRPCAction;
import io.kubernetes.client.openapi.models.V1Probe;
import io.kubernetes.client.openapi.models.V1ResourceRequirements;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServicePort;
import io.kubernetes.client.openapi.models.V1Volume;
import io.kubernetes.client.openapi.models.V1VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BaseManifestsTest {
  private static final Set<String> KUSTOMIZATION_KEYS =
      Set.of("apiVersion", "kind", "resources", "labels");

  private final BaseManifests base = BaseManifests.read();

  BaseManifestsTest() throws IOException {}

  @Test
  void kustomizationListsEveryFile() throws IOException {
    try (Stream<Path> files = Files.list(BaseManifests.FOLDER)) {
      assertEquals(
          files
              .filter(file -> !file.equals(BaseManifests.KUSTOMIZATION))
              .map(file -> file.getFileName().toString())
              .collect(Collectors.toSet()),
          Set.copyOf(BaseManifests.resources()));
    }
    Map<?, ?> kustomization = BaseManifests.yaml(Files.readString(BaseManifests.KUSTOMIZATION));
    assertEquals("Kustomization", kustomization.get("kind"));
    assertEquals(KUSTOMIZATION_KEYS, kustomization.keySet());
  }

  @Test
  void selectorsMatchThePods() {
    Map<String, String> labels = present(present(base.template().getMetadata()).getLabels());
    Map<String, String> selector =
        present(present(base.deployment().getSpec()).getSelector().getMatchLabels());
    assertFalse(selector.isEmpty());
    assertTrue(labels.entrySet().containsAll(selector.entrySet()));
    for (V1Service service : base.services()) {
      Map<String, String> chosen = present(present(service.getSpec()).getSelector());
      assertFalse(chosen.isEmpty());
      assertTrue(labels.entrySet().containsAll(chosen.entrySet()), service::toString);
    }
  }

  @Test
  void servicesPointAtNamedPortsOfTheContainer() {
    Map<String, Integer> ports =
        present(base.container().getPorts()).stream()
            .collect(
                Collectors.toMap(
                    port -> present(port.getName()), V1ContainerPort::getContainerPort));
    assertEquals(Map.of("grpc", 8001, "http", 8000, "metrics", 8002), ports);
    for (V1Service service : base.services()) {
      for (V1ServicePort port : present(present(service.getSpec()).getPorts())) {
        IntOrString target = present(port.getTargetPort());
        assertEquals(ports.get(target.getStrValue()), port.getPort(), port::toString);
      }
    }
  }

  @Test
  void oneServiceIsHeadlessForClientsThatBalanceThemselves() {
    Map<Boolean, Long> services =
        base.services().stream()
            .collect(
                Collectors.partitioningBy(
                    service -> "None".equals(present(service.getSpec()).getClusterIP()),
                    Collectors.counting()));
    assertEquals(Map.of(true, 1L, false, 1L), services);
  }

  @Test
  void probesAskTheHealthServiceOnTheGrpcPort() {
    V1Container container = base.container();
    assertProbe("readiness", container.getStartupProbe());
    assertProbe("readiness", container.getReadinessProbe());
    assertProbe("liveness", container.getLivenessProbe());
    V1Probe startup = present(container.getStartupProbe());
    int patienceSeconds =
        present(startup.getPeriodSeconds()) * present(startup.getFailureThreshold());
    assertTrue(patienceSeconds >= 300, () -> "models have only " + patienceSeconds + " s to load");
    assertTrue(
        present(present(base.deployment().getSpec()).getProgressDeadlineSeconds())
            > patienceSeconds);
  }

  @Test
  void leavesTimeToDrain() {
    Map<?, ?> server = (Map<?, ?>) present(base.javelinConfig().get("server"));
    double lameDuck = ((Number) present(server.get("lame_duck_seconds"))).doubleValue();
    double drain = ((Number) present(server.get("drain_timeout_seconds"))).doubleValue();
    long grace = present(base.pod().getTerminationGracePeriodSeconds());
    assertTrue(grace > lameDuck + drain, () -> grace + " s for " + lameDuck + " + " + drain);
    assertTrue(lameDuck >= 5, "endpoints need seconds to forget a pod");
  }

  @Test
  void rollsWithoutLosingCapacity() {
    var rolling =
        present(present(present(base.deployment().getSpec()).getStrategy()).getRollingUpdate());
    assertEquals(new IntOrString(0), rolling.getMaxUnavailable());
    assertEquals(new IntOrString(1), rolling.getMaxSurge());
  }

  @Test
  void isGuaranteedItsResources() {
    V1ResourceRequirements resources = present(base.container().getResources());
    assertEquals(Set.of("cpu", "memory"), present(resources.getLimits()).keySet());
    assertEquals(resources.getLimits(), resources.getRequests());
  }

  @Test
  void hasNoPrivileges() {
    var pod = present(base.pod().getSecurityContext());
    assertEquals(true, pod.getRunAsNonRoot());
    assertEquals(65532L, pod.getRunAsUser());
    assertEquals("RuntimeDefault", present(pod.getSeccompProfile()).getType());
    assertEquals(false, base.pod().getAutomountServiceAccountToken());
    var container = present(base.container().getSecurityContext());
    assertEquals(true, container.getReadOnlyRootFilesystem());
    assertEquals(false, container.getAllowPrivilegeEscalation());
    assertEquals(List.of("ALL"), present(container.getCapabilities()).getDrop());
    assertEquals(List.of(), present(container.getCapabilities()).getAdd());
  }

  @Test
  void mountsTheConfigurationAsADirectory() {
    V1VolumeMount mount = mountOf("/etc/javelin");
    assertNull(mount.getSubPath());
    assertNull(mount.getSubPathExpr());
    V1Volume volume = volume(mount.getName());
    assertEquals(
        present(base.configMap().getMetadata()).getName(),
        present(volume.getConfigMap()).getName());
    assertTrue(present(base.container().getArgs()).contains("/etc/javelin/javelin.yaml"));
  }

  @Test
  void canWriteWhereTheServerWrites() {
    Map<?, ?> registry = (Map<?, ?>) present(base.javelinConfig().get("registry"));
    String cache = String.valueOf(registry.get("cache_dir"));
    for (String path : List.of(cache, "/tmp")) {
      V1VolumeMount mount = mountOf(path);
      assertNull(mount.getReadOnly());
      assertNotNull(present(volume(mount.getName()).getEmptyDir()).getSizeLimit(), path);
    }
    String models = String.valueOf(registry.get("url")).replaceFirst("^file:", "");
    assertEquals(true, mountOf(models).getReadOnly());
  }

  @Test
  void everyMountHasItsVolume() {
    assertEquals(
        present(base.pod().getVolumes()).stream().map(V1Volume::getName).sorted().toList(),
        present(base.container().getVolumeMounts()).stream()
            .map(V1VolumeMount::getName)
            .sorted()
            .toList());
  }

  private void assertProbe(String service, @Nullable V1Probe probe) {
    V1GRPCAction action = present(present(probe).getGrpc());
    assertEquals(service, action.getService());
    assertTrue(
        present(base.container().getPorts()).stream()
            .anyMatch(port ->
                "grpc".equals(port.getName()) && port.getContainerPort().equals(action.getPort())),
        action::toString);
  }

  private V1VolumeMount mountOf(String path) {
    return present(base.container().getVolumeMounts()).stream()
        .filter(mount -> mount.getMountPath().equals(path))
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing is mounted at " + path));
  }

  private V1Volume volume(String name) {
    return present(base.pod().getVolumes()).stream()
        .filter(volume -> volume.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no volume " + name));
  }

  private static <T> T present(@Nullable T value) {
    return Objects.requireNonNull(value);
  }
}

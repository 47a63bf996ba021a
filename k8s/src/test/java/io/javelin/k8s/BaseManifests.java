package io.javelin.k8s;

import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import io.kubernetes.client.openapi.models.V1Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The documents that the Kustomize base lists, parsed.
record BaseManifests(V1ConfigMap configMap, V1Deployment deployment, List<V1Service> services) {
  static final Path FOLDER = Path.of("base");
  static final Path KUSTOMIZATION = FOLDER.resolve("kustomization.yaml");

  BaseManifests {
    services = List.copyOf(services);
  }

  static BaseManifests read() throws IOException {
    List<Object> documents = new ArrayList<>();
    for (String resource : resources()) {
      documents.addAll(ManifestParser.parse(Files.readString(FOLDER.resolve(resource))));
    }
    return new BaseManifests(
        only(documents, V1ConfigMap.class),
        only(documents, V1Deployment.class),
        all(documents, V1Service.class));
  }

  /// File names that the kustomization lists.
  static List<String> resources() throws IOException {
    Map<?, ?> kustomization = yaml(Files.readString(KUSTOMIZATION));
    return ((List<?>) Objects.requireNonNull(kustomization.get("resources")))
        .stream().map(String::valueOf).toList();
  }

  static Map<?, ?> yaml(String text) {
    return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
  }

  V1PodTemplateSpec template() {
    return Objects.requireNonNull(Objects.requireNonNull(deployment.getSpec()).getTemplate());
  }

  V1PodSpec pod() {
    return Objects.requireNonNull(template().getSpec());
  }

  V1Container container() {
    List<V1Container> containers = pod().getContainers();
    if (containers.size() != 1) {
      throw new IllegalStateException("expected one container, got " + containers.size());
    }
    return containers.getFirst();
  }

  /// The server's configuration inside the ConfigMap.
  Map<?, ?> javelinConfig() {
    return yaml(
        Objects.requireNonNull(Objects.requireNonNull(configMap.getData()).get("javelin.yaml")));
  }

  private static <T> List<T> all(List<Object> documents, Class<T> type) {
    return documents.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static <T> T only(List<Object> documents, Class<T> type) {
    List<T> found = all(documents, type);
    if (found.size() != 1) {
      throw new IllegalStateException("expected one " + type.getSimpleName() + ", got " + found);
    }
    return found.getFirst();
  }
}

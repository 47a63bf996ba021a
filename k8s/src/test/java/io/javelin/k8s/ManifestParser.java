package io.javelin.k8s;

import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Service;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Parses manifests the strict way: an unknown field, a missing required one or a duplicate key is
/// an error, as with `kubectl apply --validate=strict`.
final class ManifestParser {
  private ManifestParser() {}

  /// All documents of one file, as objects of the Kubernetes client.
  ///
  /// @throws IllegalArgumentException when a document is not valid
  static List<Object> parse(String yaml) throws IOException {
    List<Object> documents = new ArrayList<>();
    for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
      if (!(document instanceof Map<?, ?> object)) {
        throw new IllegalArgumentException("expected a mapping, got " + document);
      }
      documents.add(parse(object));
    }
    return documents;
  }

  private static Object parse(Map<?, ?> object) throws IOException {
    String json = JSON.getGson().toJson(object);
    String type = object.get("apiVersion") + "/" + object.get("kind");
    return switch (type) {
      case "v1/ConfigMap" -> V1ConfigMap.fromJson(json);
      case "v1/Service" -> V1Service.fromJson(json);
      case "apps/v1/Deployment" -> V1Deployment.fromJson(json);
      default -> throw new IllegalArgumentException("unknown type " + type);
    };
  }
}

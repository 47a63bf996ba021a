package io.javelin.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes the [ServingConfig] from a document without mistakes.
final class ServingBinder {
  private final HostDefaults host;
  private final Path baseDirectory;

  /// @param baseDirectory where relative paths of the file start
  ServingBinder(HostDefaults host, Path baseDirectory) {
    this.host = host;
    this.baseDirectory = baseDirectory.toAbsolutePath();
  }

  ServingConfig bind(Section document) {
    Section server = document.section("server");
    Section userId = document.section("user_id");
    @Nullable TenantsConfig tenants =
        document.has("tenants") ? tenants(document.section("tenants")) : null;
    return new ServingConfig(
        server(server),
        registry(document.section("registry"), server.integer("grpc_port")),
        new UserIdConfig(userId.text("metadata"), userId.text("parameter")),
        tenants,
        document.has("tracing") ? tracing(document.section("tracing")) : null,
        document.sections("models").stream().map(new ModelBinder(tenants)::bind).toList());
  }

  private static TenantsConfig tenants(Section tenants) {
    Map<String, TenantsConfig.Quota> quotas = new HashMap<>();
    tenants.sectionMap("quotas").forEach((tenant, quota) -> quotas.put(tenant, quota(quota)));
    return new TenantsConfig(
        tenants.text("metadata"),
        tenants.text("parameter"),
        tenants.integer("max_tracked"),
        tenants.integer("max_queue_share_percent"),
        tenants.has("quota") ? quota(tenants.section("quota")) : null,
        quotas);
  }

  private static TenantsConfig.Quota quota(Section quota) {
    return new TenantsConfig.Quota(
        quota.number("requests_per_second").doubleValue(), quota.integer("burst"));
  }

  private ServerConfig server(Section server) {
    ServerConfig.Endpoints endpoints =
        new ServerConfig.Endpoints(
            server.text("host"),
            server.integer("grpc_port"),
            server.integer("http_port"),
            server.integer("metrics_port"),
            server.text("admin_host"),
            server.integer("admin_port"));
    return new ServerConfig(
        server.text("name"),
        endpoints,
        server.has("event_loop_threads")
            ? server.integer("event_loop_threads")
            : host.eventLoopThreads(),
        server.integer("max_message_bytes"),
        server.flag("strict_readiness"),
        server.seconds("lame_duck_seconds"),
        server.seconds("drain_timeout_seconds"));
  }

  private RegistryConfig registry(Section registry, int grpcPort) {
    Path cache =
        registry.has("cache_dir")
            ? baseDirectory.resolve(registry.text("cache_dir")).normalize()
            : host.cacheDirectory(grpcPort);
    return new RegistryConfig(
        fileUrl(registry.text("url")),
        cache,
        registry.seconds("poll_interval_seconds"),
        registry.integer("load_threads"),
        registry.seconds("load_retry_backoff_seconds"),
        registry.integer("max_load_attempts"));
  }

  /// Not `Path.toUri`, which asks the file system whether the path is a directory.
  private URI fileUrl(String url) {
    String path = Objects.requireNonNull(ServingChecks.filePath(url), "checked before");
    try {
      return new URI("file", "", baseDirectory.resolve(path).normalize().toString(), null);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("an absolute path is always a URI path", e);
    }
  }

  private static TracingConfig tracing(Section tracing) {
    return new TracingConfig(
        URI.create(tracing.text("otlp_endpoint")), tracing.number("sample_ratio").doubleValue());
  }
}

package io.javelin.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.batching.BatchingConfig;
import io.javelin.batching.QueueingConfig;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.lifecycle.VersionPolicy;
import io.javelin.router.BucketRange;
import io.javelin.router.RouteSpec;
import io.javelin.router.RouteSpec.VariantSpec;
import io.javelin.router.RoutingTableCompiler.RoutingError;
import io.javelin.router.Shadow;
import io.javelin.router.Variant;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigParserTest {
  @Test
  void readsEveryProcessKey() {
    ServingConfig config = Examples.valid(Examples.FULL);

    assertEquals(
        new ServerConfig(
            "javelin",
            new ServerConfig.Endpoints("127.0.0.1", 9001, 9000, 9002, "127.0.0.2", 9003),
            3,
            1_048_576,
            false,
            Duration.ofMillis(2_500),
            Duration.ofSeconds(20)),
        config.server());
    assertEquals(
        new RegistryConfig(
            URI.create("file:///etc/javelin/registry"),
            Path.of("/etc/javelin/cache"),
            Duration.ofMillis(250),
            2,
            Duration.ofMillis(500),
            3),
        config.registry());
    assertEquals(new UserIdConfig("x-customer", "customer"), config.userId());
    assertEquals(new TracingConfig(URI.create("http://127.0.0.1:4317"), 0.5), config.tracing());
  }

  @Test
  void readsWhatIsDoneWithOversizeRequests() {
    String text = Examples.MINIMAL + "    dynamic_batching: {enable_large_batch_splitting: true}\n";

    assertTrue(Examples.valid(text).models().getFirst().queue().requests().splitting());
  }

  @Test
  void readsHowLengthsArePadded() {
    String text =
        Examples.MINIMAL
            + "    dynamic_batching:\n"
            + "      deterministic: true\n"
            + "      padding:\n"
            + "        inputs: [{name: ids, pad_value: -1.5}, {name: types, dim: 2}]\n"
            + "        buckets: [64, 16]\n"
            + "        mask_input: mask\n"
            + "        outputs: [{name: scores}]\n"
            + "        longer: unpadded\n";

    assertEquals(
        new ModelConfig.Requests(
            null,
            false,
            true,
            new ModelConfig.Padding(
                List.of(
                    new ModelConfig.PaddedTensor("ids", 1, -1.5),
                    new ModelConfig.PaddedTensor("types", 2, 0)),
                List.of(16, 64),
                "mask",
                List.of(new ModelConfig.PaddedTensor("scores", 1, 0)),
                false)),
        Examples.valid(text).models().getFirst().queue().requests());
  }

  @Test
  void readsEveryModelKey() {
    ModelConfig model = Examples.valid(Examples.FULL).models().getFirst();

    assertEquals("digits", model.name());
    assertEquals(
        new ModelConfig.Versions(
            new VersionPolicy.Specific(new TreeSet<>(List.of(1L, 2L))),
            Map.of("stable", 1L, "canary", 2L)),
        model.versions());
    assertEquals(
        new ModelConfig.Queue(
            new BatchingConfig(64, 512, 200_000, List.of(8, 16)),
            100_000_000,
            new ModelConfig.Requests(
                new ModelConfig.ResponseCache(2_097_152, 1_500_000_000, 4_096),
                false,
                false,
                null)),
        model.queue());
    InstanceConfig each =
        new InstanceConfig(
            64,
            InstanceConfig.Provider.CUDA,
            Map.of("device_id", "0", "use_tf32", "false", "arena", "kSameAsRequested"),
            Map.of("session.intra_op.allow_spinning", "0"),
            4);
    assertEquals(
        new ModelConfig.Instances(
            "onnxruntime", 2, each, new ModelConfig.Execution("threads", 250_000)),
        model.instances());
    assertEquals(new ModelConfig.Warmup(List.of(1, 8), 3, 7_000_000), model.warmup());
    assertEquals(
        new ModelConfig.Predictions("probabilities", List.of("a", "b")), model.predictions());
  }

  @Test
  void readsPrioritiesCostAndTenants() {
    ServingConfig config =
        Examples.valid(
            """
            registry: {url: file:/models}
            tenants:
              metadata: x-team
              max_tracked: 7
              quota: {requests_per_second: 0.5}
              quotas: {"vip": {requests_per_second: 100, burst: 20}}
            models:
              - name: m
                max_batch_size: 8
                dynamic_batching:
                  max_batch_cost: 4096
                  cost_input: tokens
                  priority_levels: 3
                  priority_aging_microseconds: 2000
                  adaptive_concurrency_limit: true
                  default_queue_policy: {max_queue_size: 100}
                  priority_queue_policy:
                    3: {max_queue_size: 10, timeout_action: DELAY, default_timeout_microseconds: 5, allow_timeout_override: false}
            """);

    TenantsConfig tenants =
        new TenantsConfig(
            "x-team",
            "tenant_id",
            7,
            50,
            new TenantsConfig.Quota(0.5, 1),
            Map.of("vip", new TenantsConfig.Quota(100, 20)));
    assertEquals(tenants, config.tenants());
    QueueingConfig.Policy normal =
        new QueueingConfig.Policy(100, QueueingConfig.TimeoutAction.REJECT, 0, true);
    QueueingConfig.Policy last =
        new QueueingConfig.Policy(10, QueueingConfig.TimeoutAction.DELAY, 5_000, false);
    QueueingConfig queueing =
        new QueueingConfig(
            List.of(normal, normal, last), 2, 2_000_000, new QueueingConfig.FairShare(7, 50), true);
    assertEquals(
        new BatchingConfig(
            8, 210, 0, List.of(), new BatchingConfig.CostBound(4096, "tokens", 1), queueing),
        config.models().getFirst().queue().batching());
  }

  @Test
  void replacesLabelsByVersionsInTheRoute() {
    RouteSpec expected =
        new RouteSpec(
            "digits",
            "digits-canary",
            "s1",
            false,
            "control",
            List.of(
                new VariantSpec("control", 1, 0, null),
                new VariantSpec("canary", 2, 29, new BucketRange(0, 5000)),
                new VariantSpec("newest", Variant.LATEST, 0, null)),
            List.of(new Shadow("challenger", 3, 1_250), new Shadow("old", 1, 10_000)),
            Map.of("user-1", "canary", "42", "control"),
            List.of(new BucketRange(5000, 5100)),
            new RouteSpec.LayerSpec("ranking", "ls", new BucketRange(0, 5000)));

    List<ModelConfig> models = Examples.valid(Examples.FULL).models();
    assertEquals(expected, models.getFirst().routing());
    assertNull(models.getLast().routing());
    assertInstanceOf(VersionPolicy.All.class, models.getLast().versions().policy());
  }

  @Test
  void fillsInTheDefaults() {
    ServingConfig config = Examples.valid(Examples.MINIMAL);

    assertEquals(
        new ServerConfig(
            "triton",
            new ServerConfig.Endpoints("0.0.0.0", 8001, 8000, 8002, "127.0.0.1", 8003),
            4,
            67_108_864,
            true,
            Duration.ZERO,
            Duration.ofSeconds(30)),
        config.server());
    assertEquals(
        new RegistryConfig(
            URI.create("file:///models"),
            Path.of("/var/tmp/javelin-cache-8001"),
            Duration.ofSeconds(15),
            1,
            Duration.ofSeconds(1),
            5),
        config.registry());
    assertEquals(new UserIdConfig("x-user-id", "user_id"), config.userId());
    assertNull(config.tracing());
    InstanceConfig each =
        new InstanceConfig(64, InstanceConfig.Provider.CPU, Map.of(), Map.of(), 1);
    assertEquals(
        new ModelConfig(
            "digits",
            new ModelConfig.Versions(new VersionPolicy.Latest(1), Map.of()),
            new ModelConfig.Queue(new BatchingConfig(64, 1024, 0, List.of()), 0),
            new ModelConfig.Instances(
                "onnxruntime", 1, each, new ModelConfig.Execution("auto", 100_000)),
            new ModelConfig.Warmup(List.of(1, 2, 4, 8, 16, 32, 64), 20, 30_000_000),
            null,
            null),
        config.models().getFirst());
  }

  @Test
  void growsTheDefaultQueueWithTheBatch() {
    ModelConfig model =
        Examples.valid(Examples.MINIMAL + "    max_batch_size: 3000\n").models().getFirst();

    assertEquals(3000, model.queue().batching().maxQueueRows());
    assertEquals(3000, model.warmup().batchSizes().getLast());
    assertEquals(2048, model.warmup().batchSizes().get(11));
  }

  @Test
  void skipsTheMarkThatWindowsEditorsPutFirst() {
    assertEquals(Examples.valid(Examples.MINIMAL), Examples.valid("\uFEFF" + Examples.MINIMAL));
  }

  @Test
  void takesOneEventLoopOnASingleCore() {
    ConfigParser parser =
        new ConfigParser(new HostDefaults(1, Path.of("/tmp")), specs -> List.of());
    var result = parser.parse("j.yaml", Examples.MINIMAL, Examples.BASE);

    var valid = assertInstanceOf(ConfigParser.Result.Valid.class, result);
    assertEquals(1, valid.config().server().eventLoopThreads());
  }

  @Test
  void namesTheContentByItsHash() {
    var valid = assertInstanceOf(ConfigParser.Result.Valid.class, Examples.parse(Examples.MINIMAL));

    // printf 'registry: {url: file:/models}\nmodels:\n  - name: digits\n' | sha256sum
    assertEquals(
        "9921e800199daf6bc51e8375e965bffe00a0e9702c4926732892909f21b45560", valid.sha256());
  }

  @Test
  void compilesTheRoutesAndGivesTheErrorsTheirLines() {
    List<RouteSpec> seen = new ArrayList<>();
    ConfigParser parser =
        new ConfigParser(
            Examples.HOST,
            specs -> {
              seen.addAll(specs);
              return List.of(
                  new RoutingError("digits", "variants[1].weight_percent", "weights exceed 100 %"),
                  new RoutingError("digits", "overrides.user-1", "no such variant"));
            });

    var invalid =
        assertInstanceOf(
            ConfigParser.Result.Invalid.class,
            parser.parse("j.yaml", Examples.FULL, Examples.BASE));

    assertEquals("digits", seen.getFirst().model());
    assertEquals(
        """
        j.yaml:51: models[0].routing.variants[1].weight_percent: weights exceed 100 %
        j.yaml:56: models[0].routing.overrides.user-1: no such variant\
        """,
        invalid.describe());
  }

  @Test
  void leavesModelsWithMistakesOutOfTheCompilation() {
    List<RouteSpec> seen = new ArrayList<>();
    ConfigParser parser =
        new ConfigParser(
            Examples.HOST,
            specs -> {
              seen.addAll(specs);
              return List.of();
            });
    String text = Examples.FULL.replace("label: canary", "label: unknown");

    assertInstanceOf(
        ConfigParser.Result.Invalid.class, parser.parse("j.yaml", text, Examples.BASE));
    assertEquals(List.of(), seen);
  }

  @Test
  void resolvesPathsFromTheDirectoryOfTheFile(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("javelin.yaml");
    Files.writeString(file, Examples.FULL);

    var valid = assertInstanceOf(ConfigParser.Result.Valid.class, Examples.parser().parse(file));
    assertEquals(directory.resolve("cache"), valid.config().registry().cacheDirectory());
    assertEquals(directory.resolve("registry"), Path.of(valid.config().registry().url()));
  }

  @Test
  void reportsAFileThatCannotBeRead(@TempDir Path directory) throws IOException {
    Path missing = directory.resolve("missing.yaml");
    Path latin1 = directory.resolve("latin1.yaml");
    Files.write(latin1, new byte[] {'a', ':', ' ', (byte) 0xe4});

    assertEquals(
        missing + ":1: document: expected a readable file, got no such file", describe(missing));
    assertEquals(
        latin1 + ":1: document: expected a readable file, got bytes that are not UTF-8",
        describe(latin1));
    assertEquals(
        directory + ":1: document: expected a readable file, got not a regular file: " + directory,
        describe(directory));
  }

  private static String describe(Path file) {
    return assertInstanceOf(ConfigParser.Result.Invalid.class, Examples.parser().parse(file))
        .describe();
  }
}

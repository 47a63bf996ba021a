package io.javelin.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Wrong files and exactly what is said about them.
final class ConfigErrorsTest {
  /// @param expected whole messages, without the file's name
  record Wrong(String text, List<String> expected) {
    @Override
    public String toString() {
      return expected.getFirst();
    }
  }

  private static final String REGISTRY = "registry: {url: file:/models}\n";

  /// A file with these lines under its only model; the first of them is line 4.
  private static Wrong model(String lines, String... expected) {
    return new Wrong(REGISTRY + "models:\n  - name: m\n" + lines.indent(4), List.of(expected));
  }

  /// A file with these lines inside a complete `routing`; the first of them is line 10.
  private static Wrong routing(String lines, String... expected) {
    String head =
        """
        version_labels: {stable: 1, canary: 2}
        routing:
          experiment: e
          salt: s
          default: control
          variants: [{name: control}]
        """;
    return model(head + lines.indent(2), expected);
  }

  /// A valid file but for these lines at its end; the first of them is line 4.
  private static Wrong file(String lines, String... expected) {
    return new Wrong(REGISTRY + "models:\n  - name: m\n" + lines, List.of(expected));
  }

  static List<Wrong> structure() {
    return List.of(
        model(
            "dynamic_batching:\n  priority_levels: 2\n  default_priority_level: 3\n",
            "6: models[0].dynamic_batching.default_priority_level: expected at most"
                + " priority_levels, 2, got 3"),
        model(
            "dynamic_batching:\n  priority_levels: 2\n  priority_queue_policy:\n    3: {}\n",
            "7: models[0].dynamic_batching.priority_queue_policy.3: expected a level up to"
                + " priority_levels, 2, got 3"),
        model(
            "dynamic_batching: {priority_levels: 2, priority_queue_policy: {1: {max_queue_size: 1}}}",
            "4: models[0].dynamic_batching.priority_queue_policy.1.max_queue_size: expected at"
                + " least max_batch_size, 64, got 1"),
        model(
            "dynamic_batching:\n  priority_queue_policy:\n    first: {}\n",
            "6: models[0].dynamic_batching.priority_queue_policy.first: expected a level from 1 to"
                + " 16, got \"first\""),
        model(
            "dynamic_batching:\n  max_batch_cost: 9\n",
            "4: models[0].dynamic_batching.cost_input: expected the name of an input, because of"
                + " max_batch_cost, got nothing"),
        model(
            "dynamic_batching:\n  default_queue_policy: {timeout_action: WAIT}\n",
            "5: models[0].dynamic_batching.default_queue_policy.timeout_action: expected one of"
                + " REJECT, DELAY, got \"WAIT\""),
        file(
            "tenants:\n  quotas:\n    a: {burst: 1}\n",
            "6: tenants.quotas.a.requests_per_second: expected a number from 0 to 1000000000,"
                + " got nothing"),
        file(
            "server:\n  grpc_prot: 1\n",
            "5: server.grpc_prot: expected a known key, got \"grpc_prot\" (did you mean"
                + " \"grpc_port\"?)"),
        file(
            "sever: {}\n",
            "4: sever: expected a known key, got \"sever\" (did you mean \"server\"?)"),
        file(
            "zebra: 1\n",
            "4: zebra: expected one of server, registry, user_id, tenants, tracing, models, got \"zebra\""),
        file(
            "server:\n  grpc_port: 70000\n",
            "5: server.grpc_port: expected an integer from 0 to 65535, got 70000"),
        file(
            "server:\n  grpc_port: \"8001\"\n",
            "5: server.grpc_port: expected an integer from 0 to 65535, got \"8001\""),
        file(
            "server:\n  grpc_port: 80.5\n",
            "5: server.grpc_port: expected an integer from 0 to 65535, got 80.5"),
        file(
            "server:\n  host: 7\n",
            "5: server.host: expected a non-empty string, got 7 (write it in quotes)"),
        file(
            "server:\n  strict_readiness: yes\n",
            "5: server.strict_readiness: expected true or false, got \"yes\""),
        file(
            "server:\n  lame_duck_seconds: -1\n",
            "5: server.lame_duck_seconds: expected a number from 0 to 3600, got -1"),
        file("server:\n", "4: server: expected a mapping, got nothing (write {} for an empty one)"),
        file("server: [1]\n", "4: server: expected a mapping, got [1]"),
        file(
            "user_id:\n  metadata: X-User\n",
            "5: user_id.metadata: expected a lower-case text metadata key (letters, digits, '_',"
                + " '.', '-'; neither grpc-... nor ...-bin), got \"X-User\""),
        file(
            "tracing:\n  sample_ratio: 2\n",
            "4: tracing.otlp_endpoint: expected an http:// or https:// URL, got nothing",
            "5: tracing.sample_ratio: expected a number from 0 to 1, got 2"),
        new Wrong(
            "registry: {url: file:/m}\n",
            List.of("1: models: expected a list with at least one model, got nothing")),
        new Wrong(
            REGISTRY + "models: []\n",
            List.of("2: models: expected a list with at least one model, got an empty list")),
        new Wrong(
            REGISTRY + "models:\n  name: m\n",
            List.of("2: models: expected a list with at least one model, got a mapping with name")),
        new Wrong(
            "registry:\n  url: s3://b\n  poll_interval_seconds: 0\nmodels: [{name: m}]\n",
            List.of(
                "2: registry.url: expected a file: URL, got \"s3://b\"",
                "3: registry.poll_interval_seconds: expected a number above 0 and at most 86400,"
                    + " got 0")),
        new Wrong(
            "models:\n  - name: m\nregistry:\n  model_repository: /m\n",
            List.of(
                "3: registry.url: expected a file: URL, got nothing",
                "4: registry.model_repository: expected a known key, got \"model_repository\" (did"
                    + " you mean \"url\"?)")),
        new Wrong(
            REGISTRY + "models:\n  - engine: echo\n",
            List.of(
                "3: models[0].name: expected a name of letters, digits, '.', '_' and '-' that starts"
                    + " with a letter or digit, got nothing")));
  }

  static List<Wrong> models() {
    return List.of(
        model(
            "engine: onnxrumtime",
            "4: models[0].engine: expected one of onnxruntime, echo, got \"onnxrumtime\" (did you"
                + " mean \"onnxruntime\"?)"),
        model(
            "platform: onnxruntime_onnx",
            "4: models[0].platform: expected a known key, got \"platform\" (did you mean"
                + " \"engine\"?)"),
        model(
            "maxBatchSize: 8",
            "4: models[0].maxBatchSize: expected a known key, got \"maxBatchSize\" (did you mean"
                + " \"max_batch_size\"?)"),
        model(
            "max_batch_size: 0",
            "4: models[0].max_batch_size: expected an integer from 1 to 65536, got 0"),
        model(
            "max_queue_delay_microseconds: 5",
            "4: models[0].max_queue_delay_microseconds: expected one of name, engine,"
                + " version_policy, version_labels, max_batch_size, dynamic_batching,"
                + " instance_group, execution, execution_provider, provider_options, session_options,"
                + " intra_op_threads, warmup, response_cache, predictions, routing, got"
                + " \"max_queue_delay_microseconds\" (it belongs in models[].dynamic_batching)"),
        model(
            "dynamic_batching:\n  batch_timeout_micros: 5",
            "5: models[0].dynamic_batching.batch_timeout_micros: expected a known key, got"
                + " \"batch_timeout_micros\" (did you mean \"max_queue_delay_microseconds\"?)"),
        model(
            "dynamic_batching:\n  preferred_batch_size: [8, x]",
            "5: models[0].dynamic_batching.preferred_batch_size[1]: expected an integer from 1 to"
                + " 2147483647, got \"x\""),
        model(
            "dynamic_batching:\n  preferred_batch_size:\n    - 8\n    - 8",
            "5: models[0].dynamic_batching.preferred_batch_size: expected a list of integers"
                + " without repeats, got [8, 8]"),
        model(
            "version_policy: {latest: {}, all: {}}",
            "4: models[0].version_policy: expected exactly one of latest, all, specific, got a"
                + " mapping with latest, all"),
        model(
            "version_policy: {specific: {versions: []}}",
            "4: models[0].version_policy.specific.versions: expected a list of version numbers"
                + " without repeats, at least one, got an empty list"),
        model(
            "version_policy: {all: {num_versions: 1}}",
            "4: models[0].version_policy.all.num_versions: expected no keys, got \"num_versions\""
                + " (it belongs in models[].version_policy.latest)"),
        model(
            "version_labels:\n  stable: 1\n  2nd: 2\n  x: one",
            "6: models[0].version_labels.2nd: expected a label of letters, digits, '.', '_' and '-'"
                + " that starts with a letter, got \"2nd\"",
            "7: models[0].version_labels.x: expected an integer of at least 1, got \"one\""),
        model(
            "execution_provider: CUDA",
            "4: models[0].execution_provider: expected one of cpu, cuda, tensorrt, got \"CUDA\" (did"
                + " you mean \"cuda\"?)"),
        model(
            "provider_options: {a: [1]}",
            "4: models[0].provider_options.a: expected a string or number or boolean, got [1]"),
        model(
            "predictions: {class_labels: [0, 1]}",
            "4: models[0].predictions.class_labels[0]: expected a non-empty string, got 0 (write it"
                + " in quotes)",
            "4: models[0].predictions.class_labels[1]: expected a non-empty string, got 1 (write it"
                + " in quotes)"));
  }

  static List<Wrong> betweenFields() {
    return List.of(
        model(
            "dynamic_batching: {padding: {inputs: [{name: a}, {name: a}], buckets: [8]}}",
            "4: models[0].dynamic_batching.padding.inputs[1].name: expected a unique name, got"
                + " \"a\" again"),
        model(
            "dynamic_batching: {padding: {inputs: [{name: a}], buckets: [8], mask_input: a}}",
            "4: models[0].dynamic_batching.padding.mask_input: expected an input that is not in"
                + " padding.inputs, because it is generated, got \"a\""),
        file(
            "tracing: {otlp_endpoint: \"http://a b:1\"}\n",
            "4: tracing.otlp_endpoint: expected an http:// or https:// URL, got \"http://a b:1\""),
        file(
            "server:\n  http_port: 8001\n",
            "5: server.http_port: expected a port other than that of grpc_port, got 8001"),
        file(
            "server:\n  grpc_port: 8003\n",
            "5: server.grpc_port: expected a port other than that of admin_port, got 8003"),
        file(
            "  - name: n\n  - name: m\n",
            "5: models[2].name: expected a unique name, got \"m\" again, first in line 3"),
        new Wrong(
            "registry: {url: \"file://host/x\"}\nmodels: [{name: m}]\n",
            List.of(
                "1: registry.url: expected file:relative/path or file:///absolute/path, got"
                    + " \"file://host/x\"")),
        new Wrong(
            "registry:\n  url: file:/m\n  cache_dir: \"a\\0b\"\nmodels: [{name: m}]\n",
            List.of("3: registry.cache_dir: expected a path, got \"a\\u0000b\"")),
        model(
            "max_batch_size: 4\ndynamic_batching:\n  preferred_batch_size: [4, 8]",
            "6: models[0].dynamic_batching.preferred_batch_size[1]: expected at most"
                + " max_batch_size, 4, got 8"),
        model(
            "dynamic_batching:\n  default_queue_policy:\n    max_queue_size: 63",
            "6: models[0].dynamic_batching.default_queue_policy.max_queue_size: expected at least"
                + " max_batch_size, 64, got 63"),
        model(
            "warmup:\n  batch_sizes: [128]",
            "5: models[0].warmup.batch_sizes[0]: expected at most max_batch_size, 64, got 128"),
        // The misspelled key explains the rest: nothing more is said about batch sizes.
        model(
            "max_batch_sise: 256\nwarmup:\n  batch_sizes: [128]",
            "4: models[0].max_batch_sise: expected a known key, got \"max_batch_sise\" (did you"
                + " mean \"max_batch_size\"?)"));
  }

  static List<Wrong> routes() {
    return List.of(
        model(
            "routing: {experiment: e}",
            "4: models[0].routing.default: expected a name of letters, digits, '.', '_' and '-'"
                + " that starts with a letter or digit, got nothing",
            "4: models[0].routing.salt: expected a non-empty string, got nothing",
            "4: models[0].routing.variants: expected a list with at least one variant, got"
                + " nothing"),
        routing(
            "shadows:\n  - {name: a, label: canry}\n  - {name: b, label: zzzzzz}",
            "11: models[0].routing.shadows[0].label: expected one of the version_labels stable,"
                + " canary, got \"canry\" (did you mean \"canary\"?)",
            "12: models[0].routing.shadows[1].label: expected one of the version_labels stable,"
                + " canary, got \"zzzzzz\""),
        routing(
            "shadows:\n  - {name: a, label: canary, version: 2}\n  - name: b",
            "11: models[0].routing.shadows[0].label: expected either version or label, got both",
            "12: models[0].routing.shadows[1]: expected a version or a label, got neither"),
        routing(
            "shadows: [{name: a, version: 1, sample_percent: 101}]",
            "10: models[0].routing.shadows[0].sample_percent: expected a number from 0 to 100 with"
                + " at most 2 decimals, got 101"),
        routing(
            "tombstones: [[1, 2], [3, 3], [4]]",
            "10: models[0].routing.tombstones[1]: expected a range [start, end) with start below"
                + " end, got [3, 3]",
            "10: models[0].routing.tombstones[2]: expected two bucket numbers [start, end) from 0"
                + " to 10000, got [4]"),
        routing(
            "layer: {name: l, salt: s, slots: [5, 10001]}",
            "10: models[0].routing.layer.slots[1]: expected an integer from 0 to 10000, got 10001"),
        routing(
            "overrides:\n  u: 1",
            "11: models[0].routing.overrides.u: expected a variant name, got 1 (write it in"
                + " quotes)"),
        model(
            """
            routing:
              experiment: e
              salt: s
              default: control
              variants:
                - {name: control, weight_percent: 95}
                - {name: canary, label: c, weight_percent: 5.001, home: [9, 3]}
            """,
            "9: models[0].routing.variants[0].weight_percent: expected no weight, because the"
                + " default variant gets what the others leave, got 95",
            "10: models[0].routing.variants[1].home: expected a range [start, end) with start below"
                + " end, got [9, 3]",
            "10: models[0].routing.variants[1].label: expected a label of version_labels, which is"
                + " empty, got \"c\"",
            "10: models[0].routing.variants[1].weight_percent: expected a number from 0 to 100 with"
                + " at most 2 decimals, got 5.001"));
  }

  static List<Wrong> yaml() {
    return List.of(
        new Wrong("", List.of("1: document: expected a mapping, got nothing")),
        file("server:\n\tgrpc_port: 1\n", "5: document: expected spaces before a key, got a tab"),
        file(
            "server:\n  host: a\n   name: b\n",
            "6: document: expected valid YAML, got \"mapping values are not allowed here\" (check"
                + " the indentation here and in the line above)"),
        file(
            "server: {host: a\n",
            "5: document: expected valid YAML, got \"expected ',' or '}', but got"
                + " <stream end>\" (check the indentation here and in the line above)"),
        file(
            "server:\n  name: a\n  host: b\n  name: c\n",
            "7: server.name: expected each key once, got \"name\" again, first in line 5"),
        file(
            "server: &s {name: a}\ntracing: *s\n",
            "5: tracing: expected a value written out, got the alias *s (anchors are not"
                + " supported)"),
        file(
            "server: {name: !!str 5}\n",
            "4: server.name: expected a value without a tag, got the tag"
                + " \"tag:yaml.org,2002:str\""),
        file(
            "server: {grpc_port: 99999999999999999999}\n",
            "4: server.grpc_port: expected an integer of 64 bits, got 99999999999999999999"),
        file(
            "server: {lame_duck_seconds: .inf}\n",
            "4: server.lame_duck_seconds: expected a finite number, got .inf"),
        file(
            "server: {lame_duck_seconds: 1e999999999}\n",
            "4: server.lame_duck_seconds: expected a finite number, got 1e999999999"),
        file(
            "? [a]\n: 1\n",
            "1: document: expected keys that are plain text, got a key that is not"),
        file("---\na: 1\n", "4: document: expected one document, got a second one"),
        file(
            "server: {name: \"a\u0007\"}\n",
            "4: document: expected printable text, got the" + " character U+0007"),
        file(
            "server: " + "[".repeat(100_000) + "\n",
            "4: document: expected at most 32 levels, got" + " more"));
  }

  @ParameterizedTest
  @MethodSource({"structure", "models", "betweenFields", "routes", "yaml"})
  void saysWhatIsWrongAndWhere(Wrong wrong) {
    String expected =
        wrong.expected().stream().map(e -> "j.yaml:" + e).collect(Collectors.joining("\n"));
    String actual =
        Examples.errors(wrong.text()).stream()
            .map(ConfigError::toString)
            .collect(Collectors.joining("\n"));
    assertEquals(expected, actual);
  }

  @Test
  void listsFiveMistakesOfFiveKindsAtOnce() {
    String text =
        Examples.FULL
            .replace("grpc_port: 9001", "grpc_port: 70000")
            .replace("max_message_bytes", "max_mesage_bytes")
            .replace("{stable: 1, canary: 2}", "{stable: 1, stable: 2, canary: 2}")
            .replace("[16, 8]", "[16, 80]")
            .replace("label: canary", "label: canery");

    assertEquals(
        """
        j.yaml:3: server.grpc_port: expected an integer from 0 to 65535, got 70000
        j.yaml:10: server.max_mesage_bytes: expected a known key, got "max_mesage_bytes" (did you mean "max_message_bytes"?)
        j.yaml:31: models[0].version_labels.stable: expected each key once, got "stable" again, first in line 31
        j.yaml:34: models[0].dynamic_batching.preferred_batch_size[1]: expected at most max_batch_size, 64, got 80
        j.yaml:51: models[0].routing.variants[1].label: expected one of the version_labels stable, canary, got "canery" (did you mean "canary"?)\
        """,
        Examples.errors(text).stream()
            .map(ConfigError::toString)
            .collect(Collectors.joining("\n")));
  }
}

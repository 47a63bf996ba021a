package io.javelin.server.config;

import io.javelin.router.RoutingTableCompiler.RoutingError;
import java.nio.file.Path;
import java.util.List;

/// Files and parsers that several tests share.
final class Examples {
  static final Path BASE = Path.of("/etc/javelin");
  static final HostDefaults HOST = new HostDefaults(8, Path.of("/var/tmp"));

  /// Every key once.
  static final String FULL =
      """
      server:
        host: 127.0.0.1
        grpc_port: 9001
        http_port: 9000
        metrics_port: 9002
        admin_host: 127.0.0.2
        admin_port: 9003
        name: javelin
        event_loop_threads: 3
        max_message_bytes: 1048576
        strict_readiness: false
        lame_duck_seconds: 2.5
        drain_timeout_seconds: 20
      registry:
        url: file:./registry
        cache_dir: cache
        poll_interval_seconds: 0.25
        load_threads: 2
        load_retry_backoff_seconds: 0.5
        max_load_attempts: 3
      user_id:
        metadata: x-customer
        parameter: customer
      tracing:
        otlp_endpoint: http://127.0.0.1:4317
        sample_ratio: 0.5
      models:
        - name: digits
          engine: onnxruntime
          version_policy: {specific: {versions: [2, 1]}}
          version_labels: {stable: 1, canary: 2}
          max_batch_size: 64
          dynamic_batching:
            preferred_batch_size: [16, 8]
            max_queue_delay_microseconds: 200
            default_queue_policy: {max_queue_size: 512, default_timeout_microseconds: 100000}
          instance_group: {count: 2}
          execution_provider: cuda
          provider_options: {device_id: 0, use_tf32: false, arena: kSameAsRequested}
          session_options: {session.intra_op.allow_spinning: "0"}
          intra_op_threads: 4
          warmup: {batch_sizes: [8, 1], iterations: 3, request_path_milliseconds: 7}
          predictions: {output: probabilities, class_labels: [a, b]}
          routing:
            experiment: digits-canary
            salt: s1
            running: false
            default: control
            variants:
              - {name: control, version: 1}
              - {name: canary, label: canary, weight_percent: 0.29, home: [0, 5000]}
              - {name: newest}
            shadows:
              - {name: challenger, version: 3, sample_percent: 12.5}
              - {name: old, label: stable}
            overrides: {user-1: canary, 42: control}
            tombstones: [[5000, 5100]]
            layer: {name: ranking, salt: ls, slots: [0, 5000]}
          execution: {mode: threads, event_loop_bound_microseconds: 250}
          response_cache:
            {enable: true, max_bytes: 2097152, ttl_seconds: 1.5, max_input_bytes: 4096}
        - name: ranker
          engine: echo
          version_policy: {all: {}}
      """;

  static final String MINIMAL =
      """
      registry: {url: file:/models}
      models:
        - name: digits
      """;

  private Examples() {}

  static ConfigParser parser(RoutingError... routingErrors) {
    return new ConfigParser(HOST, specs -> List.of(routingErrors));
  }

  static ConfigParser.Result parse(String text) {
    return parser().parse("j.yaml", text, BASE);
  }

  static ServingConfig valid(String text) {
    return switch (parse(text)) {
      case ConfigParser.Result.Valid valid -> valid.config();
      case ConfigParser.Result.Invalid invalid -> throw new AssertionError(invalid.describe());
    };
  }

  static List<ConfigError> errors(String text) {
    return switch (parse(text)) {
      case ConfigParser.Result.Valid valid -> List.of();
      case ConfigParser.Result.Invalid invalid -> invalid.errors();
    };
  }
}

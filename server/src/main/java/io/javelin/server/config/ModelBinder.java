package io.javelin.server.config;

import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.lifecycle.VersionPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Makes a [ModelConfig] from a sound section.
final class ModelBinder {
  private final QueueBinder queues;

  /// @param tenants null = nobody is told apart
  ModelBinder(@Nullable TenantsConfig tenants) {
    queues = new QueueBinder(tenants);
  }

  ModelConfig bind(Section model) {
    int maxRows = model.integer("max_batch_size");
    return new ModelConfig(
        model.text("name"),
        new ModelConfig.Versions(policy(model), model.versionMap("version_labels")),
        queues.bind(model.section("dynamic_batching"), maxRows, requests(model)),
        instances(model, maxRows),
        warmup(model.section("warmup"), maxRows),
        model.has("predictions") ? predictions(model.section("predictions")) : null,
        model.has("routing") ? new RouteBinder(model).bind(model.section("routing")) : null);
  }

  private static VersionPolicy policy(Section model) {
    Section policy = model.section("version_policy");
    if (policy.has("all")) {
      return new VersionPolicy.All();
    }
    if (policy.has("specific")) {
      List<Long> versions = policy.section("specific").wides("versions");
      return new VersionPolicy.Specific(Collections.unmodifiableSortedSet(new TreeSet<>(versions)));
    }
    return new VersionPolicy.Latest(policy.section("latest").integer("num_versions"));
  }

  private static ModelConfig.Requests requests(Section model) {
    Section cache = model.section("response_cache");
    Section batching = model.section("dynamic_batching");
    return new ModelConfig.Requests(
        cache.flag("enable") ? cache(cache) : null,
        batching.flag("enable_large_batch_splitting"),
        batching.flag("deterministic"),
        batching.has("padding") ? padding(batching.section("padding")) : null);
  }

  private static ModelConfig.Padding padding(Section padding) {
    return new ModelConfig.Padding(
        paddedTensors(padding.sections("inputs")),
        padding.integers("buckets").stream().sorted().toList(),
        padding.has("mask_input") ? padding.text("mask_input") : null,
        paddedTensors(padding.sections("outputs")),
        padding.text("longer").equals("refuse"));
  }

  private static List<ModelConfig.PaddedTensor> paddedTensors(List<Section> tensors) {
    return tensors.stream()
        .map(tensor ->
            new ModelConfig.PaddedTensor(
                tensor.text("name"),
                tensor.integer("dim"),
                tensor.number("pad_value").doubleValue()))
        .toList();
  }

  private static ModelConfig.ResponseCache cache(Section cache) {
    return new ModelConfig.ResponseCache(
        cache.wide("max_bytes"),
        cache.seconds("ttl_seconds").toNanos(),
        cache.integer("max_input_bytes"));
  }

  private static ModelConfig.Instances instances(Section model, int maxRows) {
    String provider = model.text("execution_provider").toUpperCase(Locale.ROOT);
    InstanceConfig each =
        new InstanceConfig(
            maxRows,
            InstanceConfig.Provider.valueOf(provider),
            model.textMap("provider_options"),
            model.textMap("session_options"),
            model.integer("intra_op_threads"));
    int count = model.section("instance_group").integer("count");
    Section execution = model.section("execution");
    return new ModelConfig.Instances(
        model.text("engine"),
        count,
        each,
        new ModelConfig.Execution(
            execution.text("mode"),
            TimeUnit.MICROSECONDS.toNanos(execution.wide("event_loop_bound_microseconds"))));
  }

  private static ModelConfig.Warmup warmup(Section warmup, int maxRows) {
    List<Integer> sizes =
        warmup.has("batch_sizes")
            ? warmup.integers("batch_sizes").stream().sorted().toList()
            : powersOfTwo(maxRows);
    return new ModelConfig.Warmup(
        sizes,
        warmup.integer("iterations"),
        TimeUnit.MILLISECONDS.toNanos(warmup.integer("request_path_milliseconds")));
  }

  /// 1, 2, 4, ... and `maxRows` itself, the size that overload brings.
  private static List<Integer> powersOfTwo(int maxRows) {
    List<Integer> sizes = new ArrayList<>();
    for (long rows = 1; rows < maxRows; rows *= 2) {
      sizes.add((int) rows);
    }
    sizes.add(maxRows);
    return sizes;
  }

  private static ModelConfig.Predictions predictions(Section predictions) {
    @Nullable String output = predictions.has("output") ? predictions.text("output") : null;
    return new ModelConfig.Predictions(output, predictions.texts("class_labels"));
  }
}

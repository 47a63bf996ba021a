package io.javelin.server.pipeline;

import io.javelin.loader.engine.Engine;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.lifecycle.ServableFactory;
import io.javelin.loader.store.ModelArtifact;
import io.javelin.server.pipeline.RuntimeSettings.Warmup;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Loads, warms and unloads model versions for the loader. Its methods block and run on loader
/// threads.
public final class RuntimeFactory implements ServableFactory<ModelRuntime> {
  private static final Logger LOG = LoggerFactory.getLogger(RuntimeFactory.class);

  private final Map<String, Engine> engines;
  private final Function<String, RuntimeSettings> settings;
  private final Surroundings surroundings;
  private final Rehearsal rehearsal;
  private final LongSupplier nanoClock;

  /// What the versions share with the rest of the server.
  ///
  /// @param shadows receives the copies of mirrored requests
  /// @param loops where cheap models run
  public record Surroundings(Telemetry telemetry, ShadowDispatcher shadows, RequestLoops loops) {}

  /// @param engines by name
  /// @param settings settings in force of a configured model
  public RuntimeFactory(
      Map<String, Engine> engines,
      Function<String, RuntimeSettings> settings,
      Surroundings surroundings,
      Rehearsal rehearsal,
      LongSupplier nanoClock) {
    this.engines = Map.copyOf(engines);
    this.settings = settings;
    this.surroundings = surroundings;
    this.rehearsal = rehearsal;
    this.nanoClock = nanoClock;
  }

  @Override
  public ModelRuntime load(ModelArtifact artifact) throws EngineException {
    long start = nanoClock.getAsLong();
    RuntimeSettings wanted = settings.apply(artifact.model());
    Engine engine = engines.get(wanted.instances().engine());
    if (engine == null) {
      throw new EngineException(
          "unknown engine '%s', expected one of %s"
              .formatted(wanted.instances().engine(), engines.keySet().stream().sorted().toList()));
    }
    Telemetry telemetry = surroundings.telemetry();
    Telemetry.VersionTelemetry counters = telemetry.version(artifact.model(), artifact.version());
    try {
      ModelRuntime runtime =
          ModelRuntime.open(
              new ModelRuntime.Parts(engine, artifact, wanted, counters, surroundings, nanoClock));
      runtime
          .predictions()
          .ifPresent(reader ->
              telemetry.describePredictions(
                  artifact.model(), reader.classLabels(), reader.probabilities()));
      counters.onLoaded((nanoClock.getAsLong() - start) / 1e9);
      LOG.info("loaded {}", describe(runtime));
      return runtime;
    } catch (EngineException | RuntimeException e) {
      counters.close();
      throw e;
    }
  }

  @Override
  public void warmUp(ModelRuntime runtime) throws EngineException {
    Warmup warmup = runtime.settings().warmup();
    WarmupRows rows = new WarmupRows(runtime.signature());
    for (EngineInstance instance : runtime.instances()) {
      for (int size : warmup.batchSizes()) {
        for (int i = 0; i < warmup.iterations(); i++) {
          long before = nanoClock.getAsLong();
          rows.run(instance, size);
          if (!rows.isGuess()) {
            long nanos = nanoClock.getAsLong() - before;
            runtime.serviceTimes().record(RequestValidator.FIXED_SHAPE, size, nanos);
          }
        }
      }
    }
    rehearsal.run(runtime);
    runtime.tryLoops(new RunTimesProbe(rows, nanoClock));
  }

  @Override
  public void unload(ModelRuntime runtime) {
    runtime.close();
  }

  private static String describe(ModelRuntime runtime) {
    return "'%s' version %d: %s -> %s"
        .formatted(
            runtime.model(),
            runtime.version(),
            runtime.signature().inputs().stream()
                .map(spec -> spec.name() + " " + spec.type() + spec.shape())
                .collect(Collectors.joining(", ")),
            runtime.signature().outputs().stream()
                .map(spec -> spec.name() + " " + spec.type() + spec.shape())
                .collect(Collectors.joining(", ")));
  }
}

package io.javelin.loader.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.store.ModelArtifact;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A model that runs as many rounds as its input says, and what runs of it cost.
@Timeout(60)
final class TerminationTest {
  private static final float ENDLESS = 1e15f;
  private static final long[][] ONE_ROW = {{1, 1}};

  @TempDir private Path directory;
  private EngineInstance instance;

  @BeforeEach
  void open() throws Exception {
    Files.write(directory.resolve("model.onnx"), TestModels.read("loop"));
    instance =
        new OnnxEngine()
            .open(
                new ModelArtifact("loop", 1, directory),
                new InstanceConfig(4, InstanceConfig.Provider.CPU, Map.of(), Map.of(), 1));
  }

  @AfterEach
  void close() {
    instance.close();
  }

  private float run(float rounds) throws EngineException {
    instance.input(0, Float.BYTES).set(ValueLayout.JAVA_FLOAT, 0, rounds);
    instance.run(ONE_ROW);
    return instance.output(0).get(ValueLayout.JAVA_FLOAT, 0);
  }

  /// Asks again and again, because there is no telling when the run has begun.
  private void terminate(Future<?> running) throws InterruptedException {
    while (!running.isDone()) {
      instance.terminate();
      try {
        running.get(1, TimeUnit.MILLISECONDS);
      } catch (TimeoutException | ExecutionException e) {
        assertTrue(e instanceof TimeoutException || running.isDone());
      }
    }
  }

  @Test
  void aRunInProgressFailsAndTheNextIsWhole() throws Exception {
    try (ExecutorService worker = Executors.newSingleThreadExecutor()) {
      for (int round = 0; round < 3; round++) {
        Future<Float> endless = worker.submit(() -> run(ENDLESS));
        terminate(endless);
        ExecutionException failed = assertThrows(ExecutionException.class, endless::get);
        assertInstanceOf(EngineException.class, failed.getCause());
        assertEquals(5, worker.submit(() -> run(5)).get(), 1e-4);
      }
    }
  }

  @Test
  void withoutARunInProgressNothingHappens() throws Exception {
    instance.terminate();
    assertEquals(3, run(3), 1e-4);
    instance.terminate();
    assertEquals(4, run(4), 1e-4);
  }

  /// Runs end and begin while they are being stopped: one that is stopped fails, any other is
  /// whole.
  @Test
  void aStopNeverReachesALaterRun() throws Exception {
    try (ExecutorService stopper = Executors.newSingleThreadExecutor()) {
      for (int i = 0; i < 300; i++) {
        Future<?> stopped = stopper.submit(instance::terminate);
        try {
          assertEquals(20, run(20), 1e-3);
        } catch (EngineException e) {
          assertTrue(String.valueOf(e.getMessage()).contains("terminate"), e::toString);
        }
        stopped.get();
        assertEquals(2, run(2), 1e-4);
      }
    }
  }

  /// No tensor is made and nothing allocated that grows with the data: what is left is the garbage
  /// of ONNX Runtime's own Java API.
  @Test
  void aRunOfFixedShapeLeavesHardlyAnyGarbage() throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int runs = 20_000;
    for (int i = 0; i < runs; i++) {
      run(1);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < runs; i++) {
      run(1);
    }
    long bytesPerRun = (threads.getCurrentThreadAllocatedBytes() - before) / runs;
    assertTrue(bytesPerRun <= 600, bytesPerRun + " bytes per run");
  }
}

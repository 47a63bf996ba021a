package io.javelin.loader.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.engine.onnx.SessionPlan.ProviderPlan;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SessionPlanTest {
  private static SessionPlan plan(InstanceConfig.Provider provider, Map<String, String> options)
      throws EngineException {
    return SessionPlan.of(new InstanceConfig(8, provider, options, Map.of(), 1));
  }

  private static ProviderPlan step(InstanceConfig.Provider provider, Map<String, String> options) {
    return new ProviderPlan(provider, new TreeMap<>(options));
  }

  @Test
  void addsNoProviderForTheCpu() throws Exception {
    assertEquals(List.of(), plan(InstanceConfig.Provider.CPU, Map.of()).providers());
  }

  @Test
  void passesEveryCudaOptionOn() throws Exception {
    Map<String, String> options =
        Map.of(
            "device_id", "3",
            "gpu_mem_limit", "2147483648",
            "arena_extend_strategy", "kSameAsRequested",
            "cudnn_conv_algo_search", "HEURISTIC");
    assertEquals(
        List.of(step(InstanceConfig.Provider.CUDA, options)),
        plan(InstanceConfig.Provider.CUDA, options).providers());
  }

  @Test
  void takesTheFirstDeviceUnlessToldAnother() throws Exception {
    assertEquals(
        List.of(step(InstanceConfig.Provider.CUDA, Map.of("device_id", "0"))),
        plan(InstanceConfig.Provider.CUDA, Map.of()).providers());
  }

  @Test
  void putsCudaBehindTensorRtOnTheSameDevice() throws Exception {
    Map<String, String> options = Map.of("device_id", "2", "trt_fp16_enable", "1");
    assertEquals(
        List.of(
            step(InstanceConfig.Provider.TENSORRT, options),
            step(InstanceConfig.Provider.CUDA, Map.of("device_id", "2"))),
        plan(InstanceConfig.Provider.TENSORRT, options).providers());
  }

  @Test
  void switchesSpinningOffUnlessToldOtherwise() throws Exception {
    InstanceConfig told =
        new InstanceConfig(
            8,
            InstanceConfig.Provider.CPU,
            Map.of(),
            Map.of("session.intra_op.allow_spinning", "1", "a.b", "c"),
            3);
    assertEquals(
        Map.of("session.intra_op.allow_spinning", "0"),
        plan(InstanceConfig.Provider.CPU, Map.of()).configEntries());
    assertEquals(told.sessionOptions(), SessionPlan.of(told).configEntries());
    assertEquals(3, SessionPlan.of(told).intraOpThreads());
  }

  @Test
  void keepsArenaAndPatternsUnlessSwitchedOff() throws Exception {
    SessionPlan kept = plan(InstanceConfig.Provider.CPU, Map.of());
    assertTrue(kept.memoryArena());
    assertTrue(kept.memoryPattern());
    SessionPlan arenaOff = plan(InstanceConfig.Provider.CPU, Map.of("enable_mem_arena", "0"));
    assertFalse(arenaOff.memoryArena());
    assertTrue(arenaOff.memoryPattern());
    SessionPlan patternOff = plan(InstanceConfig.Provider.CPU, Map.of("enable_mem_pattern", "0"));
    assertTrue(patternOff.memoryArena());
    assertFalse(patternOff.memoryPattern());
  }

  @Test
  void namesAnOptionThatTheCpuDoesNotHave() {
    EngineException refused =
        assertThrows(
            EngineException.class,
            () -> plan(InstanceConfig.Provider.CPU, Map.of("gpu_mem_limit", "1")));
    assertTrue(Objects.requireNonNull(refused.getMessage()).contains("'gpu_mem_limit'"));
    assertThrows(
        EngineException.class,
        () -> plan(InstanceConfig.Provider.CPU, Map.of("enable_mem_arena", "yes")));
  }
}

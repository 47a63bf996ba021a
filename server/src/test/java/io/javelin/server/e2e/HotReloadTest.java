package io.javelin.server.e2e;

import static io.javelin.server.e2e.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import inference.ModelInferRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.javelin.v1.GetConfigStatusResponse;
import io.javelin.v1.ModelVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The configuration changes under a running server: all or nothing, and traffic goes on.
class HotReloadTest {
  private static final ModelInferRequest DIGITS = Requests.digits().build();

  @TempDir static Path directory;
  private static String demo = "";
  private static DemoServer server;

  @BeforeAll
  static void start() throws Exception {
    demo = DemoServer.demoConfig();
    server = DemoServer.start(directory, demo);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void backToTheDemo() throws Exception {
    server.reload(demo);
  }

  @Test
  void namesEveryMistakeAndServesOnWithTheOldConfiguration() throws Exception {
    long generation = server.configStatus().getGeneration();
    String wrong =
        demo.replaceFirst("max_batch_size: 64", "max_batch_sise: 64")
            .replaceFirst("count: 1", "count: none")
            .replaceFirst("label: canary", "label: canry")
            .replaceFirst("weight_percent: 50", "weight_percent: 150")
            .replaceFirst("poll_interval_seconds: 0.1", "poll_interval_seconds: -1");

    List<String> reasons = server.refusal(wrong);

    assertEquals(5, reasons.size(), reasons::toString);
    assertReason(reasons, wrong, "poll_interval_seconds: -1", "registry.poll_interval_seconds");
    assertReason(reasons, wrong, "max_batch_sise", "(did you mean \"max_batch_size\"?)");
    assertReason(reasons, wrong, "count: none", "models[0].instance_group.count");
    assertReason(reasons, wrong, "label: canry", "(did you mean \"canary\"?)");
    assertReason(reasons, wrong, "weight_percent: 150", "weight_percent");
    assertEquals("digits", server.inference().modelInfer(DIGITS).getModelName());
    assertEquals(generation, server.configStatus().getGeneration());
    assertEquals(0, Scrape.of(server).sum("javelin_config_last_reload_successful"));

    server.reload(demo.replace("weight_percent: 50", "weight_percent: 40"));

    assertEquals(generation + 1, server.configStatus().getGeneration());
    Scrape after = Scrape.of(server);
    assertEquals(1, after.sum("javelin_config_last_reload_successful"));
    assertEquals((double) (generation + 1), after.sum("javelin_config_generation"));
  }

  /// One of `reasons` names the line where `culprit` stands, and says `part`.
  private static void assertReason(List<String> reasons, String text, String culprit, String part) {
    long line = text.substring(0, text.indexOf(culprit)).lines().count();
    String prefix = directory.resolve("javelin.yaml") + ":" + line + ": ";
    assertTrue(
        reasons.stream().anyMatch(reason -> reason.startsWith(prefix) && reason.contains(part)),
        () -> prefix + part + " not in " + String.join("\n", reasons));
  }

  @Test
  void refusesWhatNeedsARestartUntilTheOldValueIsBack() throws Exception {
    long generation = server.configStatus().getGeneration();

    List<String> reasons = server.refusal(demo.replace("grpc_port: 0", "grpc_port: 9901"));

    assertEquals(1, reasons.size(), reasons::toString);
    assertTrue(
        reasons.getFirst().startsWith("server.grpc_port: takes effect only at start; running with"),
        reasons::toString);
    assertTrue(reasons.getFirst().contains("file says 9901"), reasons::toString);
    assertEquals(0, Scrape.of(server).sum("javelin_config_last_reload_successful"));

    server.reload(demo);

    assertEquals(generation, server.configStatus().getGeneration());
    assertEquals(1, Scrape.of(server).sum("javelin_config_last_reload_successful"));
  }

  @Test
  void waitsForAVersionThatIsStillMissingWhileTheOldTableServes() throws Exception {
    long generation = server.configStatus().getGeneration();
    String next =
        demo.replace("candidate: 2}", "candidate: 3}")
            .replace("weight_percent: 50", "weight_percent: 100");

    server.writeConfig(next);
    GetConfigStatusResponse waiting =
        eventually(server::configStatus, status -> status.getPendingGeneration() != 0);

    assertEquals(generation + 1, waiting.getPendingGeneration());
    assertEquals(List.of("model 'digits' version 3 is not ready"), waiting.getPendingReasonsList());
    assertEquals(generation, waiting.getGeneration());
    assertTrue(
        Long.parseLong(String.valueOf(server.client().callAs("user-1", DIGITS).version())) < 3);

    server.publish("digits", 2, 3);
    server.reload(next);

    assertEquals(generation + 1, server.configStatus().getGeneration());
    assertEquals("3", server.client().callAs("user-1", DIGITS).version());
  }

  @Test
  void seesALinkSwappedAsKubernetesDoes() throws Exception {
    Path first = Files.createDirectory(directory.resolve("..first"));
    Path second = Files.createDirectory(directory.resolve("..second"));
    String next = demo.replace("weight_percent: 50", "weight_percent: 0");
    Files.writeString(first.resolve("javelin.yaml"), demo);
    Files.writeString(second.resolve("javelin.yaml"), next);
    link("..data", Path.of("..first"));
    link("javelin.yaml", Path.of("..data/javelin.yaml"));
    server.reloadTo(demo);

    link("..data", Path.of("..second"));
    server.reloadTo(next);

    assertEquals("NOT_ENROLLED", server.explain("digits", "user-1").getReason());
  }

  private static void link(String name, Path target) throws Exception {
    Path prepared = directory.resolve("..tmp");
    Files.createSymbolicLink(prepared, target);
    Files.move(
        prepared,
        directory.resolve(name),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void appliesABatchingChangeToTheRunningVersion() throws Exception {
    server.inference().modelInfer(DIGITS);
    double answered = answeredDigits();
    double delayed = closedByDelay();

    server.reload(
        demo.replace("max_queue_delay_microseconds: 0", "max_queue_delay_microseconds: 20000"));
    server.inference().modelInfer(DIGITS);

    assertEquals(delayed + 1, eventually(this::closedByDelay, count -> count > delayed));
    assertEquals(answered + 1, eventually(this::answeredDigits, count -> count > answered));
  }

  private double closedByDelay() throws Exception {
    return Scrape.of(server)
        .sum("javelin_batch_release_total", "model", "digits", "reason", "delay");
  }

  private double answeredDigits() throws Exception {
    return Scrape.of(server).sum("nv_inference_request_success", "model", "digits", "version", "1");
  }

  @Test
  void forgetsARemovedModelCompletely() throws Exception {
    server.inference().modelInfer(Requests.cancer().build());
    eventually(
        () -> Scrape.of(server),
        seen -> seen.sum("javelin_shadow_requests_total", "model", "cancer") > 0);

    server.reload(
        demo.substring(0, demo.indexOf("  # Canary"))
            + demo.substring(demo.indexOf("  # A/B experiment")));

    eventually(() -> Scrape.of(server).own("cancer"), List::isEmpty);
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class,
            () -> server.inference().modelInfer(Requests.cancer().build()));
    assertEquals(Status.Code.NOT_FOUND, refused.getStatus().getCode());
    assertEquals(ModelVersion.getDefaultInstance(), server.version("cancer", 1));
    assertEquals(List.of(), Scrape.of(server).own("cancer"));
  }
}

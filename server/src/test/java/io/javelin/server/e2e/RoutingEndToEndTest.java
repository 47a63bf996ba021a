package io.javelin.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import inference.ModelInferRequest;
import io.javelin.server.e2e.InferClient.Answer;
import io.javelin.v1.ExplainRouteResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Users keep their variant: over calls, restarts and ramps, however they say who they are.
class RoutingEndToEndTest {
  private static final ModelInferRequest DIGITS = Requests.digits().build();
  private static final ModelInferRequest CANCER = Requests.cancer().build();

  @TempDir static Path directory;
  private static DemoServer server;

  @BeforeAll
  static void start() throws Exception {
    server = DemoServer.start(directory, DemoServer.demoConfig());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aUserKeepsTheVariantOverCallsAndRestarts() throws Exception {
    Map<String, String> before = new HashMap<>();
    for (int i = 0; i < 1_000; i++) {
      Answer answer = server.client().callAs("loyal", DIGITS);
      before.putIfAbsent("loyal", String.valueOf(answer.variant()));
      assertEquals(before.get("loyal"), answer.variant());
    }
    for (String user : users(50)) {
      before.put(user, String.valueOf(server.client().callAs(user, DIGITS).variant()));
    }
    assertEquals(2, List.copyOf(before.values()).stream().distinct().count());

    server.close();
    server = DemoServer.restart(directory);

    before.forEach((user, variant) ->
        assertEquals(variant, server.client().callAs(user, DIGITS).variant(), user));
  }

  @Test
  void headersSayWhatTheAdminApiExplains() {
    for (String user : users(300)) {
      ExplainRouteResponse explained = server.explain("digits", user);
      Answer answer = server.client().callAs(user, DIGITS);
      assertEquals(explained.getVariant(), answer.variant(), user);
      assertEquals(Long.toString(explained.getVersion()), answer.version(), user);
      assertEquals(answer.version(), answer.response().getModelVersion(), user);
    }
  }

  @Test
  void metadataAndParameterMeanTheSameUserAndMetadataWins() {
    List<String> users = users(40);
    for (int i = 0; i < users.size(); i++) {
      String user = users.get(i);
      String other = users.get((i + 1) % users.size());
      String byMetadata = server.client().callAs(user, DIGITS).variant();
      ModelInferRequest named = Requests.forUser(Requests.digits(), user);
      assertEquals(byMetadata, server.client().call(named).variant(), user);
      assertEquals(
          byMetadata,
          server.client().callAs(user, Requests.forUser(Requests.digits(), other)).variant());
    }
  }

  @Test
  void aRequestWithoutUserGetsTheDefaultVariant() throws Exception {
    double before = noUnit();

    Answer answer = server.client().call(DIGITS);

    assertEquals("control", answer.variant());
    assertEquals("1", answer.version());
    assertEquals("NO_UNIT", server.explain("digits", "").getReason());
    assertEquals(before + 1, noUnit());
  }

  private static double noUnit() throws Exception {
    return Scrape.of(server)
        .sum("javelin_route_assignments_total", "model", "digits", "reason", "no_unit");
  }

  @Test
  void aRequestForAVersionTakesNoPartInTheExperiment() {
    for (String version : List.of("1", "2")) {
      Answer answer =
          server.client().callAs("user-1", Requests.digits().setModelVersion(version).build());
      assertEquals("direct", answer.variant());
      assertEquals(version, answer.version());
    }
  }

  @Test
  void aLargerCanaryKeepsItsUsers() throws Exception {
    List<String> users = users(1_000);
    Map<String, String> at10 = explainedVariants(users);
    try {
      server.reload(DemoServer.demoConfig().replace("weight_percent: 10}", "weight_percent: 25}"));
      Map<String, String> at25 = explainedVariants(users);

      List<String> early = inCanary(at10);
      List<String> all = inCanary(at25);
      assertTrue(early.size() > 60 && early.size() < 140, "10 % are " + early.size());
      assertTrue(all.size() > 200 && all.size() < 300, "25 % are " + all.size());
      assertTrue(all.containsAll(early), "a user was moved out of the canary");
      for (String user : early.subList(0, 30)) {
        Answer answer = server.client().callAs(user, CANCER);
        assertEquals("canary", answer.variant(), user);
        assertEquals("2", answer.version(), user);
      }
    } finally {
      server.reload(DemoServer.demoConfig());
    }
    assertEquals(at10, explainedVariants(users));
  }

  private static Map<String, String> explainedVariants(List<String> users) {
    Map<String, String> variants = new HashMap<>();
    users.forEach(user -> variants.put(user, server.explain("cancer", user).getVariant()));
    return variants;
  }

  private static List<String> inCanary(Map<String, String> variants) {
    return variants.entrySet().stream()
        .filter(entry -> entry.getValue().equals("canary"))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static List<String> users(int count) {
    return IntStream.range(0, count).mapToObj(i -> "user-" + i).toList();
  }
}

package io.javelin.server.e2e;

import static io.javelin.server.e2e.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import io.javelin.server.e2e.InferClient.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponseCacheEndToEndTest {
  @TempDir Path directory;
  private DemoServer server;

  private static String config(String cache) throws Exception {
    return DemoServer.demoConfig()
        + "  - {name: cached, engine: echo, response_cache: "
        + cache
        + "}\n";
  }

  @BeforeEach
  void start() throws Exception {
    Path version = Files.createDirectories(directory.resolve("registry/cached/1"));
    Files.writeString(version.resolve("model.echo"), "input.0 = x FP32 -1,2\noutput.0 = y copy\n");
    server = DemoServer.start(directory, config("{enable: true}"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static ModelInferRequest.Builder raw(String id) {
    return Requests.request("cached", "x", new float[][] {{1, 2}}).setId(id);
  }

  @Test
  void aKeptAnswerSaysSoAndCarriesTheRequestsOwnIdVersionAndVariant() throws Exception {
    Answer computed = server.client().call(raw("a").build());
    assertNull(computed.header("javelin-cache"));
    eventually(server::metrics, page -> count(page, "nv_inference_request_success") == 1);

    Answer kept = server.client().callAs("somebody", raw("b").build());

    assertEquals("hit", kept.header("javelin-cache"));
    assertEquals("b", kept.response().getId());
    assertEquals("1", kept.version());
    assertEquals(computed.variant(), kept.variant());
    assertEquals(
        computed.response().getRawOutputContentsList(), kept.response().getRawOutputContentsList());
    assertEquals(computed.response().getOutputsList(), kept.response().getOutputsList());
  }

  @Test
  void rawAndTypedInputsAreTheSameRequest() throws Exception {
    server.client().call(raw("").build());
    eventually(server::metrics, page -> count(page, "nv_inference_request_success") == 1);
    ModelInferRequest typed =
        ModelInferRequest.newBuilder()
            .setModelName("cached")
            .addInputs(
                InferInputTensor.newBuilder()
                    .setName("x")
                    .setDatatype("FP32")
                    .addShape(1)
                    .addShape(2)
                    .setContents(
                        InferTensorContents.newBuilder().addFp32Contents(1).addFp32Contents(2)))
            .build();

    assertEquals("hit", server.client().call(typed).header("javelin-cache"));
  }

  @Test
  void countsWithTritonsNamesAndFollowsTheConfiguration() throws Exception {
    server.client().call(raw("").build());
    eventually(server::metrics, page -> count(page, "nv_inference_request_success") == 1);
    server.client().call(raw("").build());
    String page =
        eventually(server::metrics, now -> count(now, "nv_inference_request_success") == 2);

    assertEquals(1, count(page, "nv_cache_num_hits_per_model"));
    assertEquals(1, count(page, "nv_cache_num_misses_per_model"));
    assertEquals(1, count(page, "nv_inference_count"));
    assertEquals(1, count(page, "nv_inference_exec_count"));
    assertEquals(1, count(page, "javelin_response_cache_entries"));

    server.reload(config("{enable: false}"));
    assertNull(server.client().call(raw("").build()).header("javelin-cache"));
  }

  /// Sum of a family's series of the cached model.
  private static int count(String page, String family) {
    return page.lines()
        .filter(line -> line.startsWith(family + "{") && line.contains("model=\"cached\""))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }
}

package io.javelin.loader.engine.echo;

import io.javelin.loader.engine.Engine;
import io.javelin.loader.engine.EngineContractTest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

final class EchoEngineContractTest extends EngineContractTest {
  @Override
  protected Engine newEngine() {
    return new EchoEngine();
  }

  @Override
  protected byte[] model(String name) {
    return text(name).getBytes(StandardCharsets.UTF_8);
  }

  private static String text(String name) {
    return switch (name) {
      case "tokens" ->
          """
          input.0 = TOKENS INT64 -1,-1
          output.0 = SAME copy
          output.1 = TOTAL sum 0
          """;
      case "fixed" -> identity("FP32 2,3");
      case "dynamic_without_batch" -> identity("FP32 1,-1");
      case "dynamic_bytes" -> identity("BYTES -1,-1");
      case "dynamic_uint32" -> identity("UINT32 -1,-1");
      case "scalar" -> identity("INT64");
      default -> identity(name.replace("identity_", "").toUpperCase(Locale.ROOT) + " -1,4");
    };
  }

  private static String identity(String input) {
    return "input.0 = INPUT " + input + "\noutput.0 = OUTPUT copy\n";
  }
}

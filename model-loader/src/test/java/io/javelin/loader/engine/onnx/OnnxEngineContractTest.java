package io.javelin.loader.engine.onnx;

import io.javelin.loader.engine.Engine;
import io.javelin.loader.engine.EngineContractTest;
import java.io.IOException;

final class OnnxEngineContractTest extends EngineContractTest {
  @Override
  protected Engine newEngine() {
    return new OnnxEngine();
  }

  @Override
  protected byte[] model(String name) throws IOException {
    return TestModels.read(name);
  }
}

package io.javelin.loader.engine.onnx;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/// The files of `make_models.py`.
final class TestModels {
  private TestModels() {}

  static byte[] read(String name) throws IOException {
    try (InputStream model = TestModels.class.getResourceAsStream("/models/" + name + ".onnx")) {
      if (model == null) {
        throw new FileNotFoundException(name);
      }
      return model.readAllBytes();
    }
  }
}

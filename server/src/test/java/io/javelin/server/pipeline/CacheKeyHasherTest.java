package io.javelin.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import io.javelin.loader.lifecycle.Lease;
import io.javelin.router.RouteDecision;
import io.javelin.server.pipeline.InferRequest.Input;
import io.javelin.server.pipeline.InferRequest.Parameters;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class CacheKeyHasherTest {
  private static final ModelSignature SIGNATURE =
      new ModelSignature(
          List.of(
              new TensorSpec("a", DataType.UINT8, List.of(-1L, -1L)),
              new TensorSpec("b", DataType.UINT8, List.of(-1L, -1L))),
          List.of(new TensorSpec("y", DataType.UINT8, List.of(-1L, -1L))),
          true);
  private static final int LONG = 10_000;

  private final CacheKeyHasher hasher = new CacheKeyHasher("m", 1, SIGNATURE);

  private static byte[] bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + seed);
    }
    return bytes;
  }

  private static Input input(String name, byte[] bytes, long... shape) {
    return new Input(
        name, "UINT8", shape, new PipelineFixture.SegmentBytes(MemorySegment.ofArray(bytes)));
  }

  private CacheKey key(Input first, Input second, int... outputs) {
    boolean swapped = first.name().equals("b");
    int[] order = swapped ? new int[] {1, 0} : new int[] {0, 1};
    long[][] shapes =
        swapped
            ? new long[][] {second.shape(), first.shape()}
            : new long[][] {first.shape(), second.shape()};
    return hasher.keyOf(call(List.of(first, second), order, shapes, outputs));
  }

  private static InferCall call(List<Input> inputs, int[] order, long[][] shapes, int[] outputs) {
    InferRequest request = new InferRequest("m", "", "", inputs, List.of(), Parameters.NONE);
    InferCall call = new InferCall(request, new Payload(0, () -> {}), new Nobody(), null, 0, 0);
    RouteDecision route =
        new RouteDecision("m", "", "v", 1, -1, RouteDecision.Reason.NO_EXPERIMENT, List.of(), 1);
    call.bind(new InferCall.Binding(new NoLease(), route, 1, order, shapes, outputs, ""));
    return call;
  }

  @Test
  void theOrderOfTheInputsMakesNoDifference() {
    Input a = input("a", bytes(LONG, 1), 1, LONG);
    Input b = input("b", bytes(LONG, 2), 1, LONG);

    assertEquals(key(a, b, 0), key(b, a, 0));
  }

  @Test
  void everyByteCounts() {
    Input a = input("a", bytes(LONG, 1), 1, LONG);
    CacheKey key = key(a, input("b", bytes(LONG, 2), 1, LONG), 0);
    for (int at : new int[] {0, 4_095, 4_096, 8_191, LONG - 1}) {
      byte[] changed = bytes(LONG, 2);
      changed[at]++;
      assertNotEquals(key, key(a, input("b", changed, 1, LONG), 0), "byte " + at);
    }
  }

  @Test
  void shapesOutputsAndWhichInputHasTheBytesCount() {
    Input a = input("a", bytes(6, 1), 2, 3);
    Input b = input("b", bytes(6, 2), 2, 3);
    CacheKey key = key(a, b, 0);

    assertNotEquals(key, key(input("a", bytes(6, 1), 3, 2), b, 0));
    assertNotEquals(key, key(input("a", bytes(6, 1), 2, 3, 1), b, 0));
    assertNotEquals(key, key(a, b));
    assertNotEquals(key, key(a, b, 1));
    assertNotEquals(key, key(input("a", bytes(6, 2), 2, 3), input("b", bytes(6, 1), 2, 3), 0));
  }

  @Test
  void anotherVersionHasOtherKeys() {
    InferCall call =
        call(
            List.of(input("a", bytes(1, 1), 1, 1), input("b", bytes(1, 1), 1, 1)),
            new int[] {0, 1},
            new long[][] {{1, 1}, {1, 1}},
            new int[] {0});

    assertNotEquals(hasher.keyOf(call), new CacheKeyHasher("m", 2, SIGNATURE).keyOf(call));
    assertNotEquals(hasher.keyOf(call), new CacheKeyHasher("n", 1, SIGNATURE).keyOf(call));
  }

  private static final class Nobody implements ReplyPort {
    @Override
    public void answer(InferCall call, BatchOutputs outputs, int firstRow) {}

    @Override
    public void refuse(InferCall call, Refusal refusal) {}
  }

  private static final class NoLease implements Lease<ModelRuntime> {
    @Override
    public ModelRuntime servable() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long version() {
      return 1;
    }

    @Override
    public void close() {}
  }
}

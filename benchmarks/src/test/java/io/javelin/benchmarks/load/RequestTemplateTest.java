package io.javelin.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import inference.ModelInferRequest;
import inference.ModelMetadataResponse;
import inference.ModelMetadataResponse.TensorMetadata;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestTemplateTest {
  @Test
  void equalsTheGeneratedMessage() {
    RequestTemplate template =
        RequestTemplate.ofRows(
            model(input("x", "FP32", -1, 2), input("n", "INT64", -1, 1)),
            CsvRows.parse("rows.csv", List.of("a,b,n,label", "1,2,3,9", "0.5,-1,4,8")),
            2);
    ModelInferRequest expected =
        ModelInferRequest.newBuilder()
            .setModelName("m")
            .addInputs(
                ModelInferRequest.InferInputTensor.newBuilder()
                    .setName("x")
                    .setDatatype("FP32")
                    .addShape(2)
                    .addShape(2))
            .addInputs(
                ModelInferRequest.InferInputTensor.newBuilder()
                    .setName("n")
                    .setDatatype("INT64")
                    .addShape(2)
                    .addShape(1))
            .addRawInputContents(
                bytes(0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 0, 0, 0, 0x3f, 0, 0, 0x80, 0xbf))
            .addRawInputContents(bytes(3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0))
            .build();
    assertEquals(1, template.size());
    assertArrayEquals(expected.toByteArray(), template.request(0));
    assertArrayEquals(new long[] {9, 8}, template.labels(0));
  }

  @Test
  void startsOverWhenTheRowsDoNotFillTheLastRequest() {
    RequestTemplate template =
        RequestTemplate.ofRows(
            model(input("x", "UINT8", -1, 1)),
            CsvRows.parse("rows.csv", List.of("a,label", "1,11", "2,12", "3,13")),
            2);
    assertEquals(2, template.size());
    assertArrayEquals(new long[] {13, 11}, template.labels(1));
  }

  @Test
  void writesEveryNumberType() throws Exception {
    List<String> types =
        List.of(
            "BOOL", "UINT8", "INT8", "UINT16", "INT16", "UINT32", "INT32", "UINT64", "INT64",
            "FP16", "BF16", "FP32", "FP64");
    List<ByteString> ones =
        List.of(
            bytes(1),
            bytes(1),
            bytes(1),
            bytes(1, 0),
            bytes(1, 0),
            bytes(1, 0, 0, 0),
            bytes(1, 0, 0, 0),
            bytes(1, 0, 0, 0, 0, 0, 0, 0),
            bytes(1, 0, 0, 0, 0, 0, 0, 0),
            bytes(0, 0x3c),
            bytes(0x80, 0x3f),
            bytes(0, 0, 0x80, 0x3f),
            bytes(0, 0, 0, 0, 0, 0, 0xf0, 0x3f));
    for (int i = 0; i < types.size(); i++) {
      RequestTemplate template =
          RequestTemplate.ofRows(
              model(input("x", types.get(i), -1, 1)),
              CsvRows.parse("rows.csv", List.of("a", "1")),
              1);
      assertEquals(
          List.of(ones.get(i)),
          ModelInferRequest.parseFrom(template.request(0)).getRawInputContentsList(),
          types.get(i));
    }
  }

  @Test
  void randomRowsRepeatBySeedAndDiffer() {
    ModelMetadataResponse model = model(input("x", "FP32", -1, 8));
    assertArrayEquals(
        RequestTemplate.random(model, 4, 1).request(5),
        RequestTemplate.random(model, 4, 1).request(5));
    RequestTemplate template = RequestTemplate.random(model, 4, 1);
    assertNotEquals(
        ByteString.copyFrom(template.request(0)), ByteString.copyFrom(template.request(1)));
    assertTrue(template.maxRequestBytes() >= 4 * 8 * Float.BYTES);
    assertEquals(0, template.labels(0).length);
  }

  @Test
  void refusesModelsWhoseRowsCannotBeMadeUp() {
    assertRefused("free dimension", model(input("x", "FP32", -1, -1)), 1);
    assertRefused("BYTES", model(input("x", "BYTES", -1, 1)), 1);
    assertRefused("no batch dimension", model(input("x", "FP32", 2, 3)), 2);
    assertRefused("at least 1", model(input("x", "FP32", -1, 1)), 0);
  }

  @Test
  void refusesAFileOfAnotherWidth() {
    CsvRows rows = CsvRows.parse("rows.csv", List.of("a,b,label", "1,2,3"));
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> RequestTemplate.ofRows(model(input("x", "FP32", -1, 3)), rows, 1));
    assertEquals(
        "model 'm' takes 3 values per row, the file has 2 columns beside the label",
        refusal.getMessage());
  }

  @Test
  void namesTheLineOfABadCell() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> CsvRows.parse("rows.csv", List.of("a,label", "1,2", "x,3")));
    assertEquals("rows.csv:3: expected a number, found 'x'", refusal.getMessage());
  }

  private static void assertRefused(String why, ModelMetadataResponse model, int rows) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> RequestTemplate.random(model, rows, 1));
    assertTrue(String.valueOf(refusal.getMessage()).contains(why), refusal::getMessage);
  }

  private static ModelMetadataResponse model(TensorMetadata... inputs) {
    return ModelMetadataResponse.newBuilder().setName("m").addAllInputs(List.of(inputs)).build();
  }

  private static TensorMetadata input(String name, String type, long... shape) {
    TensorMetadata.Builder tensor = TensorMetadata.newBuilder().setName(name).setDatatype(type);
    for (long dimension : shape) {
      tensor.addShape(dimension);
    }
    return tensor.build();
  }

  private static ByteString bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return ByteString.copyFrom(bytes);
  }
}

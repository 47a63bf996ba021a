package io.javelin.server.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against protobuf's own writer.
final class ReplyWriterTest {
  @ParameterizedTest
  @ValueSource(ints = {16, 17, 100, 8192})
  void writesWhatProtobufWrites(int scratchBytes) throws IOException {
    SplittableRandom random = new SplittableRandom(scratchBytes);
    for (int i = 0; i < 500; i++) {
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      ByteArrayOutputStream actual = new ByteArrayOutputStream();
      CodedOutputStream oracle = CodedOutputStream.newInstance(expected);
      ReplyWriter writer = new ReplyWriter(actual, new byte[scratchBytes]);
      for (int field = 1; field < 8; field++) {
        writeOne(random, field, oracle, writer);
      }
      oracle.flush();
      writer.flush();
      assertArrayEquals(expected.toByteArray(), actual.toByteArray(), "case " + i);
    }
  }

  private static void writeOne(
      SplittableRandom random, int field, CodedOutputStream oracle, ReplyWriter writer)
      throws IOException {
    switch (random.nextInt(3)) {
      case 0 -> {
        String text = text(random);
        oracle.writeString(field, text);
        writer.string(field, text);
      }
      case 1 -> {
        long value = random.nextLong() >> random.nextInt(64);
        oracle.writeUInt64NoTag(value);
        writer.varint(value);
      }
      default -> {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        oracle.writeByteArray(field, bytes);
        writer.lengthDelimited(field, bytes.length);
        writer.bytes(MemorySegment.ofArray(bytes), 0, bytes.length);
      }
    }
  }

  private static String text(SplittableRandom random) {
    String alphabet = random.nextBoolean() ? "abcdefgh" : "aé漢z";
    return random
        .ints(random.nextInt(40), 0, alphabet.length())
        .collect(
            StringBuilder::new,
            (text, at) -> text.append(alphabet.charAt(at)),
            StringBuilder::append)
        .toString();
  }
}

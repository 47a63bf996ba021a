package io.javelin.benchmarks.demo;

import com.google.protobuf.InvalidProtocolBufferException;
import inference.ModelInferResponse;
import io.javelin.benchmarks.load.AnswerListener;
import io.javelin.benchmarks.load.RequestTemplate;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Compares the predicted labels of each variant with the true ones. Thread-safe.
final class Accuracy implements AnswerListener {
  private static final String LABEL = "label";

  private final RequestTemplate template;
  private final Map<String, Score> scores = new ConcurrentHashMap<>();

  /// Rows seen and rows predicted correctly.
  private record Score(LongAdder rows, LongAdder correct) {}

  Accuracy(RequestTemplate template) {
    this.template = template;
  }

  @Override
  public void onAnswer(
      byte[] response, String userId, int requestIndex, String variant, String version) {
    long[] expected = template.labels(requestIndex);
    LongBuffer predicted = labels(response);
    Score score =
        scores.computeIfAbsent(variant, name -> new Score(new LongAdder(), new LongAdder()));
    for (int row = 0; row < expected.length; row++) {
      score.rows().increment();
      if (predicted.get(row) == expected[row]) {
        score.correct().increment();
      }
    }
  }

  /// Share of correctly predicted rows of a variant, NaN before its first answer.
  double of(String variant) {
    Score score = scores.get(variant);
    return score == null ? Double.NaN : score.correct().doubleValue() / score.rows().doubleValue();
  }

  private static LongBuffer labels(byte[] response) {
    try {
      ModelInferResponse answer = ModelInferResponse.parseFrom(response);
      for (int i = 0; i < answer.getOutputsCount(); i++) {
        if (answer.getOutputs(i).getName().equals(LABEL)) {
          return answer
              .getRawOutputContents(i)
              .asReadOnlyByteBuffer()
              .order(ByteOrder.LITTLE_ENDIAN)
              .asLongBuffer();
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the server's answer cannot be read", e);
    }
    throw new IllegalStateException("the server's answer has no output '" + LABEL + "'");
  }
}

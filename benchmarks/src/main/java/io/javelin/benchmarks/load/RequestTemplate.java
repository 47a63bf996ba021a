package io.javelin.benchmarks.load;

import inference.ModelMetadataResponse;
import io.javelin.loader.engine.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The requests of a run, serialised before it starts and sent in turn. Immutable.
public final class RequestTemplate {
  private static final int RANDOM_REQUESTS = 64;
  private static final int RANDOM_BOUND = 2;

  private final List<byte[]> requests;
  private final List<long[]> labels;

  private RequestTemplate(List<byte[]> requests, List<long[]> labels) {
    this.requests = List.copyOf(requests);
    this.labels = List.copyOf(labels);
  }

  /// Random rows for a model whose inputs have no free dimension but the batch: reals of [0, 1),
  /// integers 0 and 1. The same seed gives the same bytes.
  ///
  /// @param metadata as the server answered `ModelMetadata`
  /// @param rows in each request, at least 1
  /// @throws IllegalArgumentException when the model needs rows that cannot be made up
  public static RequestTemplate random(ModelMetadataResponse metadata, int rows, long seed) {
    InputLayout layout = InputLayout.of(metadata, rows);
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < RANDOM_REQUESTS; i++) {
      requests.add(layout.encode(type -> randomElement(type, random)).toByteArray());
    }
    return new RequestTemplate(requests, List.of());
  }

  /// Rows of a file, in its order; the columns fill the model's inputs one after another. When
  /// `rows` does not divide the file, the last request takes rows from its beginning.
  ///
  /// @throws IllegalArgumentException when the file has not one column per element of a row
  public static RequestTemplate ofRows(ModelMetadataResponse metadata, CsvRows data, int rows) {
    InputLayout layout = InputLayout.of(metadata, rows);
    layout.requireColumns(data.features(0).length);
    List<byte[]> requests = new ArrayList<>();
    List<long[]> labels = new ArrayList<>();
    for (int first = 0; first < data.size(); first += rows) {
      double[][] batch = new double[rows][];
      long[] expected = new long[data.isLabelled() ? rows : 0];
      for (int i = 0; i < rows; i++) {
        int row = (first + i) % data.size();
        batch[i] = data.features(row);
        if (data.isLabelled()) {
          expected[i] = data.label(row);
        }
      }
      requests.add(layout.encode(batch).toByteArray());
      labels.add(expected);
    }
    return new RequestTemplate(requests, labels);
  }

  /// Number of different requests.
  public int size() {
    return requests.size();
  }

  /// Bytes of the longest request.
  public int maxRequestBytes() {
    return requests.stream().mapToInt(request -> request.length).max().orElse(0);
  }

  /// The expected answers of one request, row by row; empty when they are not known.
  public long[] labels(int request) {
    return labels.isEmpty() ? new long[0] : labels.get(request).clone();
  }

  /// A serialised `ModelInferRequest`; shared, must not be changed.
  byte[] request(int index) {
    return requests.get(index);
  }

  private static double randomElement(DataType type, SplittableRandom random) {
    return switch (type) {
      case FP16, BF16, FP32, FP64 -> random.nextDouble();
      default -> random.nextInt(RANDOM_BOUND);
    };
  }
}

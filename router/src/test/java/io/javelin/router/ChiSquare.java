package io.javelin.router;

import java.util.stream.LongStream;

/// Pearson's statistic, and the values that chance exceeds once in a thousand times.
final class ChiSquare {
  /// For tables of 10 by 10.
  static final double CRITICAL_81_DF = 126.1;

  private ChiSquare() {}

  /// Distance of `counts` from equal counts.
  static double uniform(long[] counts) {
    double[] expected = new double[counts.length];
    java.util.Arrays.fill(expected, (double) LongStream.of(counts).sum() / counts.length);
    return against(counts, expected);
  }

  static double against(long[] counts, double[] expected) {
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      double difference = counts[i] - expected[i];
      sum += difference * difference / expected[i];
    }
    return sum;
  }

  /// How often units fall into tenth i by the first buckets and tenth j by the second.
  static long[][] table(int[] first, int[] second) {
    long[][] table = new long[10][10];
    for (int i = 0; i < first.length; i++) {
      table[first[i] / 1000][second[i] / 1000]++;
    }
    return table;
  }

  /// Distance of `table` from the product of its margins.
  static double independence(long[][] table) {
    int columns = table[0].length;
    long[] columnSums = new long[columns];
    long total = 0;
    for (long[] row : table) {
      for (int j = 0; j < columns; j++) {
        columnSums[j] += row[j];
        total += row[j];
      }
    }
    double sum = 0;
    for (long[] row : table) {
      double[] expected = new double[columns];
      for (int j = 0; j < columns; j++) {
        expected[j] = (double) LongStream.of(row).sum() * columnSums[j] / total;
      }
      sum += against(row, expected);
    }
    return sum;
  }
}

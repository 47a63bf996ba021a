package io.javelin.server.metrics;

import java.util.Arrays;
import java.util.NavigableSet;
import java.util.TreeSet;

/// Where a duration is counted: the cells between all edges of the classic and of the native
/// buckets. A cell lies in exactly one bucket of either form, so one counter per cell gives both.
///
/// Classic bounds are Renard's R10 numbers from 10 us to 10 s, at most a factor 1.28 apart and
/// round where objectives are (1 ms, 5 ms, 10 ms). Native buckets are those of schema 3: bucket `k`
/// is `(2^((k-1)/8), 2^(k/8)]` seconds, a factor 1.0905 wide. Immutable.
final class LatencyCells {
  static final int NATIVE_SCHEMA = 3;

  /// Native index of the cells at or below [#ZERO_THRESHOLD_SECONDS].
  static final int NATIVE_ZERO = Integer.MIN_VALUE;

  private static final int STEPS_PER_OCTAVE = 1 << NATIVE_SCHEMA;
  private static final int LOWEST_OCTAVE = -17;
  private static final int HIGHEST_OCTAVE = 6;

  /// Below 7.6 us the native buckets make no difference any more.
  static final double ZERO_THRESHOLD_SECONDS = Math.scalb(1.0, LOWEST_OCTAVE);

  private static final long[] R10 = {1000, 1250, 1600, 2000, 2500, 3200, 4000, 5000, 6300, 8000};
  private static final long LOWEST_CLASSIC_NANOS = 10_000;
  private static final long HIGHEST_CLASSIC_NANOS = 10_000_000_000L;

  /// Bits of a duration that choose the slot where the search begins: position of its leading one
  /// and the three bits after it.
  private static final int SLOT_BITS = 3;

  private final long[] classicNanos;
  private final long[] edges;
  private final int[] firstCell;
  private final int[] classicBucket;
  private final int[] nativeIndex;

  LatencyCells() {
    classicNanos = classicEdges();
    long[] nativeNanos = nativeEdges();
    edges = union(classicNanos, nativeNanos);
    firstCell = new int[Long.SIZE << SLOT_BITS];
    for (int slot = 0; slot < firstCell.length; slot++) {
      firstCell[slot] = firstAtLeast(edges, lowestOfSlot(slot));
    }
    classicBucket = new int[edges.length];
    nativeIndex = new int[edges.length];
    for (int cell = 0; cell < edges.length; cell++) {
      classicBucket[cell] = firstAtLeast(classicNanos, edges[cell]);
      int step = firstAtLeast(nativeNanos, edges[cell]);
      nativeIndex[cell] = step == 0 ? NATIVE_ZERO : LOWEST_OCTAVE * STEPS_PER_OCTAVE + step;
    }
  }

  int count() {
    return edges.length;
  }

  /// The cell of a duration; a negative one counts as zero.
  int cellOf(long nanos) {
    if (nanos <= edges[0]) {
      return 0;
    }
    int octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
    int step = (int) (nanos >>> (octave - SLOT_BITS)) & (STEPS_PER_OCTAVE - 1);
    int cell = firstCell[(octave << SLOT_BITS) | step];
    while (nanos > edges[cell]) {
      cell++;
    }
    return cell;
  }

  /// Index into [#classicUpperBounds] of a cell.
  int classicBucket(int cell) {
    return classicBucket[cell];
  }

  /// Native bucket index of a cell, or [#NATIVE_ZERO].
  int nativeIndex(int cell) {
    return nativeIndex[cell];
  }

  /// In seconds, the last one `+Inf`.
  double[] classicUpperBounds() {
    double[] seconds = new double[classicNanos.length];
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = classicNanos[i] / 1e9;
    }
    seconds[seconds.length - 1] = Double.POSITIVE_INFINITY;
    return seconds;
  }

  private static long[] classicEdges() {
    NavigableSet<Long> nanos = new TreeSet<>();
    for (long decade = LOWEST_CLASSIC_NANOS; decade < HIGHEST_CLASSIC_NANOS; decade *= 10) {
      for (long number : R10) {
        nanos.add(number * (decade / 1000));
      }
    }
    nanos.add(HIGHEST_CLASSIC_NANOS);
    nanos.add(Long.MAX_VALUE);
    return toArray(nanos);
  }

  /// Edge `i` is the end of native bucket `LOWEST_OCTAVE * 8 + i`; whole nanoseconds, so rounding
  /// down keeps every duration on its side of the edge.
  private static long[] nativeEdges() {
    int steps = (HIGHEST_OCTAVE - LOWEST_OCTAVE) * STEPS_PER_OCTAVE;
    long[] nanos = new long[steps + 2];
    for (int i = 0; i <= steps; i++) {
      double log2 = LOWEST_OCTAVE + i / (double) STEPS_PER_OCTAVE;
      nanos[i] = (long) (Math.pow(2, log2) * 1e9);
    }
    nanos[steps + 1] = Long.MAX_VALUE;
    return nanos;
  }

  private static long[] union(long[] some, long[] others) {
    NavigableSet<Long> all = new TreeSet<>();
    Arrays.stream(some).forEach(all::add);
    Arrays.stream(others).forEach(all::add);
    return toArray(all);
  }

  private static long[] toArray(NavigableSet<Long> ascending) {
    return ascending.stream().mapToLong(Long::longValue).toArray();
  }

  private static long lowestOfSlot(int slot) {
    int octave = slot >>> SLOT_BITS;
    long mantissa = STEPS_PER_OCTAVE | (slot & (STEPS_PER_OCTAVE - 1));
    return octave >= SLOT_BITS && octave < Long.SIZE - 1 ? mantissa << (octave - SLOT_BITS) : 0;
  }

  private static int firstAtLeast(long[] ascending, long value) {
    int found = Arrays.binarySearch(ascending, value);
    return found >= 0 ? found : -found - 1;
  }
}

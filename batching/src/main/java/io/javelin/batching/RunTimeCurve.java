package io.javelin.batching;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// How long a run takes by its number of rows, learned from the runs themselves. Thread-safe
/// without a lock: each cell is one long, changed by compare-and-set.
///
/// Cells hold 1 to 7 rows exactly, then four cells per doubling. A cell keeps a mean of the rows
/// and of the run times that it saw:
///
/// - Its first [#SETTLED_RUNS] runs count by their shortest. Whatever disturbs a run makes it
///   longer: cold code, a first allocation, a thread that lost its core.
/// - Then the mean moves by 1/8 of the distance to each new run, and a run counts for at most twice
///   the mean. So one run that took 1000 times as long moves the estimate by an eighth, and a model
///   that has really become 10 times as slow is believed after some 20 runs.
/// - A run of less than half the mean moves it half-way: nothing makes a run shorter than it is.
///
/// A cell that no run touched during one whole epoch of the model is forgotten: it would otherwise
/// keep the time of a slow hour for ever, if that time is the reason why no such batch is formed.
final class RunTimeCurve {
  /// Runs after which a cell is trusted more than a line between others.
  static final int SETTLED_RUNS = 3;

  private static final int CELLS = 63;
  private static final float CLIP = 2;
  private static final float WEIGHT = 1f / 8;

  /// A cell is the nanoseconds as float bits above, and below them the mean rows in sixteenths and
  /// the number of runs, which stops at [#SETTLED_RUNS]; 0 is an empty cell.
  private static final int RUNS_BITS = 2;

  private static final int RUNS_MASK = (1 << RUNS_BITS) - 1;
  private static final int ROW_FRACTIONS = 16;
  private static final int MOST_ROWS = 1 << 24;

  private final AtomicLongArray cells = new AtomicLongArray(CELLS);

  /// A bit per cell: has any run; has settled; was touched since the last [#forgetUntouched].
  private final AtomicLong seen = new AtomicLong();

  private final AtomicLong settled = new AtomicLong();
  private final AtomicLong touched = new AtomicLong();

  /// Learns that a run of `rows` took `nanos`, both at least 1.
  void record(int rows, long nanos) {
    int index = cellOf(rows);
    long bit = 1L << index;
    // A forgotten cell keeps its content, so that nobody who still reads it meets an empty one.
    boolean known = (seen.get() & bit) != 0;
    long before;
    long after;
    do {
      before = cells.get(index);
      after = learned(known ? before : 0, Math.min(rows, MOST_ROWS), (float) nanos);
    } while (!cells.compareAndSet(index, before, after));
    set(seen, bit);
    set(touched, bit);
    if (runsOf(after) == SETTLED_RUNS) {
      set(settled, bit);
    }
  }

  /// Whether any run was seen and not forgotten.
  boolean knows() {
    return seen.get() != 0;
  }

  /// Nanoseconds of a run of `rows`, or 0 while nothing is known.
  ///
  /// Exact cells first; else on the line between the nearest known cells. Fewer rows than ever seen
  /// cost at most what the smallest run costs; more rows than ever seen lie on the line through the
  /// smallest and the largest, and with a single cell cost in proportion.
  long estimateNanos(int rows) {
    long known = settled.get();
    if (known == 0) {
      known = seen.get();
    }
    if (known == 0) {
      return 0;
    }
    int index = cellOf(rows);
    long upTo = known & (-1L >>> (63 - index));
    long from = known & (-1L << index);
    if (upTo == 0) {
      return (long) nanosOf(cells.get(Long.numberOfTrailingZeros(from)));
    }
    long below = cells.get(63 - Long.numberOfLeadingZeros(upTo));
    if (from == 0) {
      return beyond(cells.get(Long.numberOfTrailingZeros(known)), below, rows);
    }
    return between(below, cells.get(Long.numberOfTrailingZeros(from)), rows);
  }

  /// Starts a new epoch: forgets the cells that no run touched during the last one.
  void forgetUntouched() {
    long stale = seen.get() & ~touched.getAndSet(0);
    settled.getAndUpdate(bits -> bits & ~stale);
    seen.getAndUpdate(bits -> bits & ~stale);
  }

  private static long learned(long cell, int rows, float nanos) {
    int runs = runsOf(cell);
    if (runs == 0) {
      return cell(nanos, rows, 1);
    }
    float mean = nanosOf(cell);
    float meanRows = rowsOf(cell) + (rows - rowsOf(cell)) * WEIGHT;
    if (runs < SETTLED_RUNS) {
      return cell(Math.min(mean, nanos), meanRows, runs + 1);
    }
    float moved =
        nanos < mean / CLIP
            ? (mean + nanos) / 2
            : mean + (Math.min(nanos, mean * CLIP) - mean) * WEIGHT;
    return cell(moved, meanRows, runs);
  }

  private static long between(long below, long above, int rows) {
    float span = rowsOf(above) - rowsOf(below);
    if (span <= 0) {
      return (long) nanosOf(below);
    }
    float share = Math.clamp((rows - rowsOf(below)) / span, 0f, 1f);
    return (long) (nanosOf(below) + (nanosOf(above) - nanosOf(below)) * share);
  }

  private static long beyond(long smallest, long largest, int rows) {
    float perRowAtMost = nanosOf(largest) / rowsOf(largest);
    float span = rowsOf(largest) - rowsOf(smallest);
    float perRow =
        span <= 0
            ? perRowAtMost
            : Math.clamp((nanosOf(largest) - nanosOf(smallest)) / span, 0f, perRowAtMost);
    return (long) (nanosOf(largest) + Math.max(0, rows - rowsOf(largest)) * (double) perRow);
  }

  private static int cellOf(int rows) {
    if (rows < 8) {
      return Math.max(rows, 1) - 1;
    }
    int doublings = 31 - Integer.numberOfLeadingZeros(rows);
    int quarter = (rows >>> (doublings - 2)) & 3;
    return Math.min(7 + (doublings - 3) * 4 + quarter, CELLS - 1);
  }

  private static void set(AtomicLong bits, long bit) {
    // Mostly set already: a plain read keeps the cache line shared.
    if ((bits.get() & bit) == 0) {
      bits.getAndUpdate(now -> now | bit);
    }
  }

  private static long cell(float nanos, float rows, int runs) {
    int low = (Math.round(rows * ROW_FRACTIONS) << RUNS_BITS) | runs;
    return ((long) Float.floatToRawIntBits(nanos) << 32) | (low & 0xFFFF_FFFFL);
  }

  private static float nanosOf(long cell) {
    return Float.intBitsToFloat((int) (cell >>> 32));
  }

  private static float rowsOf(long cell) {
    return Math.max(1f, ((int) cell >>> RUNS_BITS) / (float) ROW_FRACTIONS);
  }

  private static int runsOf(long cell) {
    return (int) cell & RUNS_MASK;
  }
}

/// Metrics: the one place that knows the metrics libraries.
///
/// Start at [io.javelin.server.metrics.PrometheusTelemetry] (what the request path reports) and
/// [io.javelin.server.metrics.MetricsRegistry] (what a scrape answers). `docs/metrics.md` lists
/// every series.
///
/// A family is one metric name; it holds one series per label set. Handles keep their series, so
/// recording is an array read and one or two `LongAdder` additions: no label lookup, no lock, no
/// allocation. Any thread may record; a scrape reads concurrently and sees each series at a
/// slightly different moment.
///
/// Why the series are our own adders and not the client library's `Counter` and `Histogram`: its
/// counters always end in `_total`, which Triton's names do not; its histogram with both bucket
/// forms allocates 16 bytes per observation and takes three times as long as one cell from which
/// both forms are derived (measured side by side). The library still collects, negotiates and
/// writes.
@NullMarked
package io.javelin.server.metrics;

import org.jspecify.annotations.NullMarked;

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
/// counters always end in `_total`, which Triton's names do not; its native histogram boxes the
/// bucket index (16 bytes per observation below 15 us) and costs twice as much as one cell from
/// which both bucket forms are derived. The library still collects, negotiates and writes.
@NullMarked
package io.javelin.server.metrics;

import org.jspecify.annotations.NullMarked;

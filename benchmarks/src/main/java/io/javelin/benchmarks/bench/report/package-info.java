/// Figures, ratios of paired rounds, and the Markdown file that keeps them. Start at
/// [io.javelin.benchmarks.bench.report.Samples]. Pure, apart from the file; no threads.
@NullMarked
package io.javelin.benchmarks.bench.report;

import org.jspecify.annotations.NullMarked;

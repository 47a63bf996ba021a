package io.javelin.benchmarks.bench.report;

import java.util.ArrayList;
import java.util.List;

/// A table in Markdown, padded so that it can be read as it is. Not thread-safe.
public final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  /// Starts with the headings.
  public Table(List<String> header) {
    rows.add(List.copyOf(header));
  }

  /// Adds a line with as many cells as the header has.
  public Table add(List<String> row) {
    if (row.size() != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          "expected %d cells, got %s".formatted(rows.getFirst().size(), row));
    }
    rows.add(List.copyOf(row));
    return this;
  }

  /// Adds a line.
  public Table add(String... row) {
    return add(List.of(row));
  }

  /// The lines of the table.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      text.append('|');
      for (int column = 0; column < rows.get(i).size(); column++) {
        String cell = rows.get(i).get(column);
        text.append(' ').append(cell).repeat(' ', width(column) - cell.length()).append(" |");
      }
      text.append('\n');
      if (i == 0) {
        text.append('|');
        for (int column = 0; column < rows.getFirst().size(); column++) {
          text.repeat('-', width(column) + 2).append('|');
        }
        text.append('\n');
      }
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}

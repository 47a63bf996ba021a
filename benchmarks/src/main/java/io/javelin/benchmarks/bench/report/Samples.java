package io.javelin.benchmarks.bench.report;

import java.util.ArrayList;
import java.util.List;

/// All samples of a run, and the tables made of them. Immutable.
public record Samples(List<Sample> samples) {
  public Samples {
    samples = List.copyOf(samples);
  }

  /// These and those of another run.
  public Samples plus(Samples others) {
    List<Sample> all = new ArrayList<>(samples);
    all.addAll(others.samples);
    return new Samples(all);
  }

  /// One figure of one server under one load, round by round.
  public double[] rounds(String server, String load, Figure figure) {
    return samples.stream()
        .filter(sample -> sample.server().equals(server) && sample.load().equals(load))
        .mapToDouble(sample -> sample.get(figure))
        .toArray();
  }

  /// Median over the rounds.
  public double median(String server, String load, Figure figure) {
    return Numbers.median(rounds(server, load, figure));
  }

  /// `server` divided by `base`, paired round by round: both saw the same machine.
  public Ratio ratio(String server, String base, String load, Figure figure) {
    double[] above = rounds(server, load, figure);
    double[] below = rounds(base, load, figure);
    double[] ratios = new double[Math.min(above.length, below.length)];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = below[i] == 0 ? Double.NaN : above[i] / below[i];
    }
    return Ratio.of(ratios);
  }

  /// Loads in the order in which they came.
  public List<String> loads() {
    return samples.stream().map(Sample::load).distinct().toList();
  }

  /// Servers under a load, in the order in which they came.
  public List<String> servers(String load) {
    return samples.stream()
        .filter(sample -> sample.load().equals(load))
        .map(Sample::server)
        .distinct()
        .toList();
  }

  /// A line for each load, a column for each figure: `server` / `base`, median [min-max].
  public Table ratioTable(String server, String base, List<Figure> figures) {
    Table table = new Table(header("load", figures));
    for (String load : loads()) {
      List<String> row = new ArrayList<>(List.of(load));
      figures.forEach(figure -> row.add(ratio(server, base, load, figure).toString()));
      table.add(row);
    }
    return table;
  }

  /// A line for each load and server, medians over the rounds.
  public Table medianTable(List<Figure> figures) {
    List<String> header = header("load", figures);
    header.add(1, "server");
    Table table = new Table(header);
    for (String load : loads()) {
      for (String server : servers(load)) {
        List<String> row = new ArrayList<>(List.of(load, server));
        figures.forEach(figure -> row.add(figure.format(median(server, load, figure))));
        table.add(row);
      }
    }
    return table;
  }

  /// A line for each sample.
  public Table rawTable(List<Figure> figures) {
    List<String> header = header("load", figures);
    header.addAll(1, List.of("round", "server"));
    Table table = new Table(header);
    for (Sample sample : samples) {
      List<String> row =
          new ArrayList<>(
              List.of(sample.load(), Integer.toString(sample.round()), sample.server()));
      figures.forEach(figure -> row.add(figure.format(sample.get(figure))));
      table.add(row);
    }
    return table;
  }

  private static List<String> header(String first, List<Figure> figures) {
    List<String> header = new ArrayList<>(List.of(first));
    figures.forEach(figure -> header.add(figure.title()));
    return header;
  }
}

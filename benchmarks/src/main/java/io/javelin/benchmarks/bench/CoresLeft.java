package io.javelin.benchmarks.bench;

import io.javelin.benchmarks.bench.report.Figure;
import io.javelin.benchmarks.bench.report.Numbers;
import io.javelin.benchmarks.bench.report.Ratio;
import io.javelin.benchmarks.bench.report.Samples;
import java.util.List;

/// The account of cores between client, transport and model, round by round. Pure.
///
/// @param cores of the machine
/// @param instances of the model, one thread each
/// @param bareLoad label of the bare runtime's samples
record CoresLeft(int cores, int instances, String bareLoad) {
  private static final String SERVER = "Javelin";
  private static final String ECHO = "echo";
  private static final double MICROS_PER_SECOND = 1e6;

  /// Cores that client and transport leave at a rate.
  ///
  /// @param clientMicros CPU time of the client for a request
  /// @param transportMicros CPU time of a server for a request without a model
  double left(double perSecond, double clientMicros, double transportMicros) {
    return cores - perSecond * (clientMicros + transportMicros) / MICROS_PER_SECOND;
  }

  /// The line of one load.
  List<String> row(Samples samples, String load, String bare) {
    double[] rate = samples.rounds(SERVER, load, Figure.RATE);
    double[] serverCpu = samples.rounds(SERVER, load, Figure.SERVER_CPU);
    double[] clientCpu = samples.rounds(SERVER, load, Figure.CLIENT_CPU);
    double[] echoCpu = samples.rounds(ECHO, load, Figure.SERVER_CPU);
    double[] bareRate = samples.rounds(bare, bareLoad, Figure.RATE);
    double[] bareCpu = samples.rounds(bare, bareLoad, Figure.SERVER_CPU);
    double[] left = new double[rate.length];
    double[] usable = new double[rate.length];
    double[] ofLeft = new double[rate.length];
    double[] ofOne = new double[rate.length];
    double[] cpu = new double[rate.length];
    for (int i = 0; i < rate.length; i++) {
      left[i] = left(rate[i], clientCpu[i], echoCpu[i]);
      ofOne[i] = rate[i] / bareRate[i];
      ofLeft[i] = ofOne[i] / left[i];
      usable[i] = ofOne[i] / Math.min(instances, left[i]);
      cpu[i] = (serverCpu[i] - echoCpu[i]) / bareCpu[i];
    }
    return List.of(
        load,
        Ratio.of(usable).toString(),
        Ratio.of(ofLeft).toString(),
        Ratio.of(ofOne).toString(),
        Ratio.of(cpu).toString(),
        Numbers.grouped(Numbers.median(left), 2));
  }
}

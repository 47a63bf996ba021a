package io.javelin.benchmarks.bench;

import io.javelin.benchmarks.bench.model.BenchModel;
import io.javelin.benchmarks.bench.process.JavelinLauncher;
import io.javelin.benchmarks.bench.process.RunningServer;
import io.javelin.benchmarks.bench.report.Samples;
import io.javelin.benchmarks.load.Target;
import java.net.InetSocketAddress;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Javelin beside any other server of the protocol.
@Command(
    name = "peer",
    description = "Javelin beside a running Open Inference Protocol server, for example Triton.")
final class PeerBenchmark extends Benchmark {
  @Option(
      names = "--target",
      required = true,
      description = "The server; it must serve the model files of `bench models`.",
      paramLabel = "HOST:PORT")
  private String target = "";

  @Option(names = "--allow-remote", description = "Permit a target on another machine.")
  private boolean allowRemote;

  @Option(names = "--name", description = "Its name in tables.")
  private String name = "peer";

  @Option(names = "--pid", description = "Its process id on this machine, to count its CPU time.")
  private long pid;

  @Option(names = "--instances", description = "Instances of the model in Javelin.")
  private int instances = 1;

  @Mixin private ModelChoice choice = new ModelChoice();

  @Override
  void run(BenchSession session) throws Exception {
    BenchModel model = choice.model();
    List<LoadStep> loads = choice.loads();
    InetSocketAddress address = Target.resolve(target, allowRemote);
    Contestant javelin =
        session.javelin(
            JavelinLauncher.Setup.standard().withInstances(instances),
            model,
            session.traffic(model));
    Contestant peer = session.connect(new RunningServer(name, address, pid), javelin.traffic());
    SameAnswers.require(javelin, peer);
    List<Contestant> contestants = List.of(javelin, peer);
    session.warmUp(contestants, loads);
    Samples samples = session.rotate(contestants, loads);
    session.publish(
        "How does Javelin compare with " + name + " on the same model file and requests?",
        List.of(
            "model: " + model.name() + ", " + model.description(),
            "Javelin: validation, metrics and an A/A experiment on the user id of every request",
            name + " at " + target),
        FloorBenchmark.comparison(samples, javelin.name(), peer.name()));
  }
}

package io.javelin.benchmarks.bench.report;

import io.javelin.benchmarks.load.RunManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/// The Markdown file of one run: what was asked, on which machine, the ratios, all figures.
public final class ResultFile {
  private ResultFile() {}

  /// A result that is complete.
  ///
  /// @param name of the benchmark
  /// @param question what it answers, in a sentence
  /// @param settings as `key: value`
  /// @param body Markdown
  public record Result(String name, String question, List<String> settings, String body) {
    public Result {
      settings = List.copyOf(settings);
    }
  }

  private static final String HOME = "-Djavelin.home=";

  /// Writes the file.
  ///
  /// @param jvmOptions of the benchmark and of every server that it starts
  public static void write(Path file, Result result, RunManifest manifest, List<String> jvmOptions)
      throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(file, text(result, manifest, jvmOptions));
  }

  /// `<date>-<name>.md` in `folder`, with a number when that is taken.
  public static Path next(Path folder, String name, RunManifest manifest) {
    String date = manifest.startedAt().atZone(ZoneOffset.UTC).toLocalDate().toString();
    Path file = folder.resolve(date + "-" + name + ".md");
    for (int i = 2; Files.exists(file); i++) {
      file = folder.resolve(date + "-" + name + "-" + i + ".md");
    }
    return file;
  }

  static String text(Result result, RunManifest manifest, List<String> jvmOptions) {
    StringBuilder text = new StringBuilder();
    text.append("# bench ").append(result.name()).append("\n\n");
    text.append(result.question()).append("\n\n");
    text.append(
        String.format(
            Locale.ROOT,
            """
            - started: %s
            - machine: %d cores, %s, %s; load client and servers share it
            - commit: %s
            - JVM: %s
            - JVM options: `%s`
            - command: `./javelin %s`
            """,
            manifest.startedAt(),
            manifest.cores(),
            manifest.cpuModel(),
            manifest.operatingSystem(),
            manifest.gitCommit(),
            manifest.jvm(),
            String.join(" ", jvmOptions),
            String.join(" ", manifest.commandLine())));
    result.settings().forEach(setting -> text.append("- ").append(setting).append('\n'));
    return withoutHome(text.append('\n').append(result.body()).toString(), jvmOptions);
  }

  /// A result is published; where the checkout lies is nobody's business.
  private static String withoutHome(String text, List<String> jvmOptions) {
    return jvmOptions.stream()
        .filter(option -> option.startsWith(HOME))
        .map(option -> text.replace(option.substring(HOME.length()), "."))
        .findFirst()
        .orElse(text);
  }
}

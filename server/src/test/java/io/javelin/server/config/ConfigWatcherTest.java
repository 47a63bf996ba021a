package io.javelin.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class ConfigWatcherTest {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final String OTHER = Examples.MINIMAL.replace("digits", "ranker");

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_500_000_000L);
  private final List<String> told = new ArrayList<>();

  /// A text that a test sets, with a stamp that may lie.
  private static final class FakeSource implements ConfigSource {
    private @Nullable String text;
    private String stamp = "";
    private int reads;

    private void write(@Nullable String text) {
      this.text = text;
      this.stamp += "+";
    }

    @Override
    public String name() {
      return "fake.yaml";
    }

    @Override
    public String stamp() throws IOException {
      if (text == null) {
        throw new IOException("gone");
      }
      return stamp;
    }

    @Override
    public Content read() throws IOException {
      reads++;
      if (text == null) {
        throw new IOException("gone");
      }
      return new Content(name(), text, Examples.BASE);
    }
  }

  private final FakeSource source = new FakeSource();

  private ConfigWatcher watcher(ConfigSource watched, String inForce) {
    String sha256 = new ConfigSource.Content("", inForce, Examples.BASE).sha256();
    return new ConfigWatcher(
        watched, Examples.parser(), this::remember, sha256, clock::get, INTERVAL);
  }

  private void remember(ConfigParser.Result result) {
    told.add(
        switch (result) {
          case ConfigParser.Result.Valid valid -> valid.config().models().getFirst().name();
          case ConfigParser.Result.Invalid invalid -> invalid.describe();
        });
  }

  private void look(ConfigWatcher watcher) {
    assertEquals(1, watcher.doWork(clock.get()));
    clock.addAndGet(INTERVAL.toNanos());
  }

  @Test
  void looksOncePerInterval() {
    source.write(Examples.MINIMAL);
    ConfigWatcher watcher = watcher(source, Examples.MINIMAL);

    assertEquals(1, watcher.doWork(clock.get()));
    assertEquals(0, watcher.doWork(clock.addAndGet(INTERVAL.toNanos() - 1)));
    assertEquals(1, watcher.doWork(clock.addAndGet(1)));
  }

  @Test
  void isSilentAboutTheContentInForce() {
    source.write(Examples.MINIMAL);
    ConfigWatcher watcher = watcher(source, Examples.MINIMAL);

    for (int i = 0; i < 25; i++) {
      look(watcher);
    }
    assertEquals(List.of(), told);
  }

  @Test
  void tellsANewContentOnceWhenTwoLooksAgree() {
    source.write(Examples.MINIMAL);
    ConfigWatcher watcher = watcher(source, Examples.MINIMAL);
    look(watcher);

    source.write(OTHER);
    look(watcher);
    assertEquals(List.of(), told);
    look(watcher);
    assertEquals(List.of("ranker"), told);
    for (int i = 0; i < 25; i++) {
      look(watcher);
    }
    assertEquals(List.of("ranker"), told);
  }

  @Test
  void waitsUntilAWriterHasFinished() {
    ConfigWatcher watcher = watcher(source, Examples.MINIMAL);
    for (int length = 5; length < 50; length += 15) {
      source.write(OTHER.substring(0, length));
      look(watcher);
    }
    source.write(OTHER);
    look(watcher);
    assertEquals(List.of(), told);

    look(watcher);
    assertEquals(List.of("ranker"), told);
  }

  @Test
  void forgetsAChangeThatWasTakenBack() {
    source.write(OTHER);
    ConfigWatcher watcher = watcher(source, Examples.MINIMAL);
    look(watcher);
    source.write(Examples.MINIMAL);
    look(watcher);
    source.write(OTHER);
    look(watcher);

    assertEquals(List.of(), told);
  }

  @Test
  void tellsTheOldContentWhenItComesBack() {
    ConfigWatcher watcher = watcher(source, Examples.MINIMAL);
    source.write(OTHER);
    look(watcher);
    look(watcher);
    source.write(Examples.MINIMAL);
    look(watcher);
    look(watcher);

    assertEquals(List.of("ranker", "digits"), told);
  }

  @Test
  void readsAgainEveryTenthLookInCaseTheStampLies() {
    source.write(Examples.MINIMAL);
    ConfigWatcher watcher = watcher(source, Examples.MINIMAL);
    look(watcher);
    assertEquals(1, source.reads);

    source.text = OTHER;
    for (int i = 2; i <= 9; i++) {
      look(watcher);
    }
    assertEquals(1, source.reads);
    look(watcher);
    look(watcher);
    assertEquals(List.of("ranker"), told);
  }

  @Test
  void tellsThatTheSourceIsGoneAndThatItIsBack() {
    ConfigWatcher watcher = watcher(source, Examples.MINIMAL);
    for (int i = 0; i < 12; i++) {
      look(watcher);
    }
    source.write(Examples.MINIMAL);
    look(watcher);
    look(watcher);

    assertEquals(
        List.of("fake.yaml:1: document: expected a readable file, got gone", "digits"), told);
  }

  @Test
  void survivesAListenerThatFails() {
    source.write(OTHER);
    String sha256 = new ConfigSource.Content("", Examples.MINIMAL, Examples.BASE).sha256();
    List<ConfigParser.Result> results = new ArrayList<>();
    ConfigWatcher watcher =
        new ConfigWatcher(
            source,
            Examples.parser(),
            result -> {
              results.add(result);
              throw new IllegalStateException("on purpose");
            },
            sha256,
            clock::get,
            INTERVAL);
    look(watcher);
    look(watcher);
    source.write(Examples.MINIMAL);
    look(watcher);
    look(watcher);

    assertEquals(2, results.size());
  }

  @Test
  void seesTheLinkSwapOfAConfigMap(@TempDir Path mount) throws IOException {
    Path first = configMap(mount.resolve("..1"), Examples.MINIMAL);
    Path second = configMap(mount.resolve("..2"), OTHER);
    // Same size and time: only the target tells them apart.
    Files.setLastModifiedTime(second, Files.getLastModifiedTime(first));
    Files.createSymbolicLink(mount.resolve("..data"), Path.of("..1"));
    Path file =
        Files.createSymbolicLink(mount.resolve("javelin.yaml"), Path.of("..data", "javelin.yaml"));
    ConfigWatcher watcher = watcher(ConfigSource.file(file), Examples.MINIMAL);
    look(watcher);

    Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of("..2"));
    Files.move(
        mount.resolve("..data_tmp"), mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    look(watcher);
    look(watcher);

    assertEquals(List.of("ranker"), told);
  }

  private static Path configMap(Path directory, String text) throws IOException {
    return Files.writeString(Files.createDirectory(directory).resolve("javelin.yaml"), text);
  }

  @Test
  @Timeout(30)
  void runsTheStepOnItsOwnThreadUntilClosed() throws InterruptedException {
    source.write(OTHER);
    CountDownLatch changed = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    try (ConfigWatcher watcher =
        new ConfigWatcher(
            source,
            Examples.parser(),
            result -> {
              assertInstanceOf(ConfigParser.Result.Valid.class, result);
              threads.add(Thread.currentThread());
              changed.countDown();
            },
            "none",
            System::nanoTime,
            Duration.ofMillis(1))) {
      watcher.start();
      assertTrue(changed.await(20, TimeUnit.SECONDS));
    }
    assertEquals("config-watcher", threads.getFirst().getName());
    assertTrue(threads.getFirst().isDaemon());
    assertEquals(Thread.State.TERMINATED, threads.getFirst().getState());
  }

  @Test
  void refusesAnIntervalOfZero() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new ConfigWatcher(
                source, Examples.parser(), this::remember, "", clock::get, Duration.ZERO));
  }
}

package io.javelin.loader.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps ONNX Runtime's native libraries unpacked between two starts. Its jar otherwise unpacks 28
/// MB into the temporary directory at each start, which costs time and fails where that directory
/// is small or read-only.
///
/// The libraries lie in a directory of their own whose name says which jar they came from, so that
/// another version never meets them. It appears in one step: what is there is complete.
final class NativeLibraries {
  /// Directory to keep them in. Without it, ONNX Runtime does as it always does.
  static final String DIRECTORY_PROPERTY = "javelin.native.directory";

  /// What ONNX Runtime reads. Whoever sets it has libraries of his own.
  static final String PATH_PROPERTY = "onnxruntime.native.path";

  private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);

  /// Those that a build brings; the last three belong to the GPU build.
  private static final List<String> NAMES =
      List.of(
          "onnxruntime",
          "onnxruntime4j_jni",
          "onnxruntime_providers_shared",
          "onnxruntime_providers_cuda",
          "onnxruntime_providers_tensorrt");

  private NativeLibraries() {}

  /// Points ONNX Runtime at the kept libraries; unpacks them first where they are missing. A
  /// directory that cannot be written is no failure: ONNX Runtime unpacks for itself then.
  static void prepare() {
    String directory = System.getProperty(DIRECTORY_PROPERTY);
    if (directory == null || System.getProperty(PATH_PROPERTY) != null) {
      return;
    }
    try {
      Optional<Path> unpacked = unpacked(Path.of(directory));
      unpacked.ifPresent(path -> System.setProperty(PATH_PROPERTY, path.toString()));
    } catch (IOException | UncheckedIOException e) {
      LOG.info("cannot keep ONNX Runtime's libraries in {}: {}", directory, e.toString());
    }
  }

  /// The directory with the libraries for this jar and machine, below `parent`; empty when the
  /// classes do not come from a jar, or the jar has none for this machine.
  static Optional<Path> unpacked(Path parent) throws IOException {
    Optional<Path> jar = jar();
    if (jar.isEmpty()) {
      return Optional.empty();
    }
    String platform = platform();
    String name = jar.get().getFileName() + "-" + Files.size(jar.get()) + "-" + platform;
    Path directory = parent.resolve(name).toAbsolutePath();
    if (Files.isDirectory(directory)) {
      return Optional.of(directory);
    }
    Files.createDirectories(parent);
    // Not a temporary directory: only its owner could read that, and an image runs as somebody
    // else.
    Path unfinished = Files.createDirectory(parent.resolve("unpacking-" + UUID.randomUUID()));
    try {
      if (!unpack(platform, unfinished)) {
        return Optional.empty();
      }
      moveInPlace(unfinished, directory);
      return Optional.of(directory);
    } finally {
      deleteIfThere(unfinished);
    }
  }

  private static Optional<Path> jar() {
    try {
      URL place = OrtEnvironment.class.getProtectionDomain().getCodeSource().getLocation();
      Path file = Path.of(place.toURI());
      return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// As the jar's folders are called.
  private static String platform() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch", "");
    return (system.contains("mac") ? "osx" : system.contains("win") ? "win" : "linux")
        + "-"
        + (machine.equals("amd64") || machine.equals("x86_64") ? "x64" : machine);
  }

  private static boolean unpack(String platform, Path target) throws IOException {
    boolean found = false;
    for (String name : NAMES) {
      String file = System.mapLibraryName(name);
      String resource = "/ai/onnxruntime/native/" + platform + "/" + file;
      try (InputStream library = OrtEnvironment.class.getResourceAsStream(resource)) {
        if (library != null) {
          Files.copy(library, target.resolve(file));
          found = true;
        }
      }
    }
    return found;
  }

  /// A server that starts at the same time may have been faster; its copy is as good.
  private static void moveInPlace(Path unfinished, Path directory) throws IOException {
    try {
      Files.move(unfinished, directory);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      LOG.debug("{} is there already", directory);
    }
  }

  private static void deleteIfThere(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}

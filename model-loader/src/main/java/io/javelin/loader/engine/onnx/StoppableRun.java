package io.javelin.loader.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.RunOptions;
import io.javelin.loader.engine.EngineException;

/// The options of an instance's runs, and with them the means to stop the one in progress.
///
/// ONNX Runtime's flag belongs to the options, not to a run: set a moment too late, it would stop
/// the next run. The lock makes sure that it is only set during a run, and gone before the next.
final class StoppableRun implements AutoCloseable {
  private final RunOptions options;
  private boolean running; // Guarded by this.
  private boolean stopped; // Guarded by this.

  StoppableRun() throws EngineException {
    try {
      options = new RunOptions();
      // A failure comes back as an exception; a line on stderr besides would be one for each.
      options.setLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    } catch (OrtException e) {
      throw new EngineException("no run options: " + e.getMessage(), e);
    }
  }

  /// Starts a run with the returned options; [#end] must follow.
  synchronized RunOptions begin() {
    running = true;
    return options;
  }

  synchronized void end() throws OrtException {
    running = false;
    if (stopped) {
      stopped = false;
      options.setTerminate(false);
    }
  }

  /// Makes the run in progress fail at the next node of its graph; without one, does nothing. Any
  /// thread.
  synchronized void stop() {
    if (!running || stopped) {
      return;
    }
    try {
      options.setTerminate(true);
      stopped = true;
    } catch (OrtException e) {
      throw new IllegalStateException("cannot stop a run: " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized void close() {
    options.close();
  }
}

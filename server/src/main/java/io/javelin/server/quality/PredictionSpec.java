package io.javelin.server.quality;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an operator says about the predictions of a model. Everything may be left out.
///
/// @param output name of the output that carries the prediction; null = found by type and shape
/// @param classLabels names of the classes by index, may be empty
/// @param probabilities whether scores lie in [0, 1]; null = yes when the output's name contains
///   `prob`
public record PredictionSpec(
    @Nullable String output, List<String> classLabels, @Nullable Boolean probabilities) {

  /// Nothing said.
  public static final PredictionSpec AUTOMATIC = new PredictionSpec(null, List.of(), null);

  public PredictionSpec {
    classLabels = List.copyOf(classLabels);
  }
}

package io.javelin.server.quality;

import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How the predictions of a model are read, decided once when it is loaded.
public sealed interface PredictionChoice {
  /// They are read by `reader`.
  record Chosen(PredictionReader reader) implements PredictionChoice {}

  /// No output looks like a prediction, and none was named.
  record Nothing() implements PredictionChoice {}

  /// What the operator said does not fit the model.
  ///
  /// @param error for the operator: what was found, what was expected
  record Invalid(String error) implements PredictionChoice {}

  /// Chooses the named output, or else the first output of the best kind: scores per class, then
  /// one value, then a class number.
  static PredictionChoice of(ModelSignature signature, PredictionSpec spec) {
    String named = spec.output();
    if (named != null) {
      return named(signature, spec, named);
    }
    for (OutputKind kind : OutputKind.values()) {
      for (int i = 0; i < signature.outputs().size(); i++) {
        TensorSpec output = signature.outputs().get(i);
        if (OutputKind.of(output, signature.batching()).equals(Optional.of(kind))) {
          return read(output, i, kind, signature.batching(), spec);
        }
      }
    }
    return new Nothing();
  }

  private static PredictionChoice named(
      ModelSignature signature, PredictionSpec spec, String name) {
    List<String> names = signature.outputs().stream().map(TensorSpec::name).toList();
    int index = names.indexOf(name);
    if (index < 0) {
      return new Invalid(
          "prediction output '%s' is unknown, the model has %s".formatted(name, names));
    }
    TensorSpec output = signature.outputs().get(index);
    return OutputKind.of(output, signature.batching())
        .map(kind -> read(output, index, kind, signature.batching(), spec))
        .orElseGet(() ->
            new Invalid(
                "prediction output '%s' is %s %s, expected one FP16, FP32 or FP64 score or"
                        .formatted(name, output.type(), output.shape())
                    + " one per class, or one INT32 or INT64 class per row"));
  }

  private static PredictionChoice read(
      TensorSpec output, int index, OutputKind kind, boolean batching, PredictionSpec spec) {
    long classes = OutputKind.elementsPerRow(output, batching);
    int labels = spec.classLabels().size();
    if (kind == OutputKind.SCORES && labels > 0 && classes > 0 && labels != classes) {
      return new Invalid(
          "%d class labels are given, output '%s' has %d classes"
              .formatted(labels, output.name(), classes));
    }
    return new Chosen(
        new PredictionReader(
            index,
            output.type(),
            kind,
            spec.classLabels(),
            areProbabilities(output.name(), spec.probabilities())));
  }

  private static boolean areProbabilities(String output, @Nullable Boolean said) {
    return said != null ? said : output.toLowerCase(Locale.ROOT).contains("prob");
  }

  /// What an output can be, best first.
  enum OutputKind {
    /// A score per class.
    SCORES,
    /// One value.
    VALUE,
    /// The number of a class.
    CLASS;

    static Optional<OutputKind> of(TensorSpec output, boolean batching) {
      long elements = elementsPerRow(output, batching);
      return switch (output.type()) {
        case FP16, FP32, FP64 ->
            switch (Math.clamp(elements, -2, 2)) {
              case -2 -> Optional.empty();
              case 1 -> Optional.of(VALUE);
              default -> Optional.of(SCORES);
            };
        case INT32, INT64 -> elements == 1 ? Optional.of(CLASS) : Optional.empty();
        default -> Optional.empty();
      };
    }

    /// Elements of a row whose dimensions are all 1 but at most one: that one's size, -1 when the
    /// request chooses it, 1 without it. -2 for any other row.
    static long elementsPerRow(TensorSpec output, boolean batching) {
      List<Long> shape = output.shape();
      List<Long> row = batching && !shape.isEmpty() ? shape.subList(1, shape.size()) : shape;
      List<Long> wide = row.stream().filter(size -> size != 1).toList();
      return switch (wide.size()) {
        case 0 -> 1;
        case 1 -> wide.getFirst() == 0 ? -2 : wide.getFirst();
        default -> -2;
      };
    }
  }
}

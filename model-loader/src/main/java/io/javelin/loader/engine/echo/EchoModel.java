package io.javelin.loader.engine.echo;

import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;

/// A parsed `model.echo`; the format is described at [EchoEngine].
///
/// @param rules what gives each output, in the order of the signature
record EchoModel(ModelSignature signature, List<Rule> rules, boolean failsOnRun) {
  /// What an output is made of.
  enum Operation {
    COPY,
    SUM
  }

  /// @param input index of the input that is read
  record Rule(Operation operation, int input) {}

  private static final String FAIL = "fail";

  static EchoModel parse(String text) throws EngineException {
    Properties properties = read(text);
    List<TensorSpec> inputs = new ArrayList<>();
    for (String key = "input.0"; properties.containsKey(key); key = "input." + inputs.size()) {
      inputs.add(input(key, take(properties, key)));
    }
    boolean batching = inputs.stream().allMatch(EchoModel::hasDynamicRows);
    List<TensorSpec> outputs = new ArrayList<>();
    List<Rule> rules = new ArrayList<>();
    for (String key = "output.0"; properties.containsKey(key); key = "output." + outputs.size()) {
      List<String> words = words(key, take(properties, key));
      Rule rule = rule(key, words, outputs.size(), inputs.size());
      outputs.add(output(key, words.get(0), rule.operation(), inputs.get(rule.input()), batching));
      rules.add(rule);
    }
    String fail = take(properties, FAIL);
    refuseRest(properties, inputs, outputs);
    return new EchoModel(
        new ModelSignature(inputs, outputs, batching), List.copyOf(rules), failsOnRun(fail));
  }

  private static Properties read(String text) throws EngineException {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException | IllegalArgumentException e) {
      throw new EngineException("not in the format of properties: " + e.getMessage(), e);
    }
    return properties;
  }

  /// Removes the key, so that what is left at the end is not understood.
  private static String take(Properties properties, String key) {
    return properties.remove(key) instanceof String value ? value.strip() : "";
  }

  private static boolean hasDynamicRows(TensorSpec input) {
    return !input.shape().isEmpty() && input.shape().get(0) < 0;
  }

  private static TensorSpec input(String key, String value) throws EngineException {
    List<String> words = words(key, value);
    return new TensorSpec(
        words.get(0),
        type(key, words.get(1)),
        words.size() == 2 ? List.of() : shape(key, words.get(2)));
  }

  private static Rule rule(String key, List<String> words, int index, int inputs)
      throws EngineException {
    String input = words.size() == 2 ? Integer.toString(index) : words.get(2);
    for (int i = 0; i < inputs; i++) {
      if (input.equals(Integer.toString(i))) {
        return new Rule(operation(key, words.get(1)), i);
      }
    }
    throw new EngineException(key + " reads input " + input + ", which is not there");
  }

  private static TensorSpec output(
      String key, String name, Operation operation, TensorSpec input, boolean batching)
      throws EngineException {
    return switch (operation) {
      case COPY -> new TensorSpec(name, input.type(), input.shape());
      case SUM -> {
        if (!RowSum.takes(input.type())) {
          throw new EngineException(key + ": there is no sum of " + input.type());
        }
        yield new TensorSpec(name, input.type(), batching ? List.of(-1L, 1L) : List.of(1L));
      }
    };
  }

  private static List<String> words(String key, String value) throws EngineException {
    List<String> words = List.of(value.split("\\s+"));
    if (words.size() != 2 && words.size() != 3) {
      throw new EngineException(key + " is '" + value + "', expected two or three words");
    }
    return words;
  }

  private static DataType type(String key, String name) throws EngineException {
    for (DataType type : DataType.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw new EngineException(
        "%s has type '%s', expected one of %s"
            .formatted(key, name, Arrays.toString(DataType.values())));
  }

  private static List<Long> shape(String key, String dimensions) throws EngineException {
    List<Long> shape = new ArrayList<>();
    try {
      for (String dimension : dimensions.split(",", -1)) {
        shape.add(Long.parseLong(dimension.strip()));
      }
    } catch (NumberFormatException e) {
      throw new EngineException(
          key + " has dimensions '" + dimensions + "', expected numbers with commas", e);
    }
    if (shape.stream().anyMatch(dimension -> dimension < -1)) {
      throw new EngineException(key + " has dimensions " + shape + ", expected -1 or more");
    }
    return shape;
  }

  private static Operation operation(String key, String verb) throws EngineException {
    return switch (verb) {
      case "copy" -> Operation.COPY;
      case "sum" -> Operation.SUM;
      default -> throw new EngineException(key + " is '" + verb + "', expected copy or sum");
    };
  }

  private static boolean failsOnRun(String fail) throws EngineException {
    return switch (fail) {
      case "" -> false;
      case "on-run" -> true;
      case "on-load" -> throw new EngineException("told to fail on load");
      default -> throw new EngineException("fail is '" + fail + "', expected on-load or on-run");
    };
  }

  private static void refuseRest(Properties rest, List<TensorSpec> inputs, List<TensorSpec> outputs)
      throws EngineException {
    if (inputs.isEmpty() || outputs.isEmpty()) {
      throw new EngineException("input.0 and output.0 must be there");
    }
    if (!rest.isEmpty()) {
      throw new EngineException(
          "keys not understood, or numbers left out before them: "
              + new TreeSet<>(rest.stringPropertyNames()));
    }
  }
}

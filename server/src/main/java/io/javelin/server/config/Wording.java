package io.javelin.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The words of error messages: what a schema expects, what a value is.
final class Wording {
  private static final int MAX_LENGTH = 60;
  private static final int MAX_LISTED = 8;

  private Wording() {}

  /// What the (resolved) schema asks for, as a noun: `an integer from 1 to 5`.
  static String expected(JsonNode schema) {
    if (schema.has("x-expected")) {
      return schema.get("x-expected").asString();
    }
    if (schema.has("enum")) {
      return "one of " + join(schema.get("enum"), ", ");
    }
    JsonNode type = schema.path("type");
    return switch (type.asString("")) {
      case "integer" -> range("an integer", schema);
      case "number" -> range("a number", schema) + decimals(schema);
      case "boolean" -> "true or false";
      case "object" -> "a mapping";
      case "array" -> list(schema);
      case "string" -> schema.has("minLength") ? "a non-empty string" : "a string";
      default -> type.isArray() ? "a " + join(type, " or ") : "a non-empty string";
    };
  }

  /// What was found, short enough for one line.
  static String actual(JsonNode value) {
    if (value.isString()) {
      return quote(value.stringValue());
    }
    if (value.isNull()) {
      return "nothing";
    }
    if (value.isNumber()) {
      return number(value);
    }
    if (value.isObject()) {
      return value.isEmpty()
          ? "an empty mapping"
          : "a mapping with " + shorten(String.join(", ", value.propertyNames()));
    }
    if (value.isArray()) {
      return items(value);
    }
    return value.asString();
  }

  static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    shorten(text)
        .chars()
        .forEach(c -> {
          if (c < ' ' || c == 0x7f) {
            out.append(String.format("\\u%04x", c));
          } else {
            out.append((char) c);
          }
        });
    return out.append('"').toString();
  }

  static String shorten(String text) {
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "...";
  }

  static String number(JsonNode value) {
    return value.decimalValue().toPlainString();
  }

  private static String range(String noun, JsonNode schema) {
    String top = schema.has("maximum") ? number(schema.get("maximum")) : "";
    if (schema.has("exclusiveMinimum")) {
      String low = noun + " above " + number(schema.get("exclusiveMinimum"));
      return top.isEmpty() ? low : low + " and at most " + top;
    }
    String low = schema.has("minimum") ? number(schema.get("minimum")) : "";
    if (low.isEmpty()) {
      return top.isEmpty() ? noun : noun + " of at most " + top;
    }
    boolean open = top.isEmpty() || top.equals(Long.toString(Long.MAX_VALUE));
    return open ? noun + " of at least " + low : noun + " from " + low + " to " + top;
  }

  private static String decimals(JsonNode schema) {
    return schema.has("multipleOf")
        ? " with at most " + schema.get("multipleOf").decimalValue().scale() + " decimals"
        : "";
  }

  private static String list(JsonNode schema) {
    String of = schema.path("items").path("type").asString("");
    String noun = of.isEmpty() || of.equals("array") ? "a list" : "a list of " + of + "s";
    return schema.path("uniqueItems").asBoolean(false) ? noun + " without repeats" : noun;
  }

  private static String items(JsonNode array) {
    if (array.isEmpty()) {
      return "an empty list";
    }
    boolean scalars = array.valueStream().noneMatch(JsonNode::isContainer);
    return scalars && array.size() <= MAX_LISTED
        ? array.valueStream().map(Wording::actual).collect(Collectors.joining(", ", "[", "]"))
        : "a list of " + array.size();
  }

  private static String join(JsonNode array, String separator) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asString()));
    return String.join(separator, texts);
  }
}

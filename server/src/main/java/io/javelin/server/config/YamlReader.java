package io.javelin.server.config;

import io.javelin.server.config.Places.Place;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Turns YAML text into a JSON tree and remembers the line of every key.
///
/// Builds the tree from parser events itself: that gives the place of aliases and duplicate keys,
/// which a finished tree no longer has, and bounds the depth. Aliases are refused, not expanded, so
/// a small file can never become a large tree, and each error has exactly one line.
final class YamlReader {
  /// The deepest real configuration has 7 levels.
  private static final int MAX_DEPTH = 32;

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private static final LoadSettings SETTINGS = LoadSettings.builder().build();

  private final Places places;
  private final Findings findings;
  private final Iterator<Event> events;
  private int depth;

  private YamlReader(String text, Places places, Findings findings) {
    this.places = places;
    this.findings = findings;
    this.events =
        new Parse(SETTINGS)
            .parseString(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text)
            .iterator();
  }

  /// Reads one document. Null when the text is not YAML at all; the reason is then in `findings`.
  static @Nullable JsonNode read(String text, Places places, Findings findings) {
    try {
      return new YamlReader(text, places, findings).document();
    } catch (TooDeepException e) {
      syntax(findings, e.line, "at most " + MAX_DEPTH + " levels", "more", null);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(Mark::getLine).orElse(0) + 1;
      boolean tab = e.getProblem() != null && e.getProblem().contains("TAB");
      syntax(
          findings,
          line,
          tab ? "spaces before a key" : "valid YAML",
          tab ? "a tab" : Wording.quote(String.valueOf(e.getProblem())),
          tab ? null : "check the indentation here and in the line above");
    } catch (ReaderException e) {
      long line = text.codePoints().limit(e.getPosition()).filter(c -> c == '\n').count() + 1;
      String actual = String.format("the character U+%04X", e.getCodePoint());
      syntax(findings, (int) line, "printable text", actual, null);
    } catch (YamlEngineException e) {
      syntax(findings, 1, "valid YAML", Wording.quote(String.valueOf(e.getMessage())), null);
    }
    return null;
  }

  private static void syntax(
      Findings findings, int line, String expected, String actual, @Nullable String hint) {
    findings.reportAt("", new Place(Places.DOCUMENT, line), expected, actual, hint);
  }

  private JsonNode document() {
    JsonNode root = JsonNodeFactory.instance.nullNode();
    int documents = 0;
    while (events.hasNext()) {
      Event event = events.next();
      if (event.getEventId() != Event.ID.DocumentStart) {
        continue;
      }
      documents++;
      if (documents > 1) {
        Place place = new Place(Places.DOCUMENT, line(event));
        findings.reportAt("", place, "one document", "a second one", null);
        break;
      }
      root = node(events.next(), "");
    }
    return root;
  }

  private JsonNode node(Event event, String pointer) {
    return switch (event) {
      case ScalarEvent scalar -> {
        refuseTag(scalar.getTag(), pointer);
        yield YamlScalar.toJson(scalar, pointer, findings);
      }
      case MappingStartEvent mapping -> {
        refuseTag(mapping.getTag(), pointer);
        enter(event);
        JsonNode node = mapping(pointer);
        depth--;
        yield node;
      }
      case SequenceStartEvent sequence -> {
        refuseTag(sequence.getTag(), pointer);
        enter(event);
        JsonNode node = sequence(pointer);
        depth--;
        yield node;
      }
      case AliasEvent alias -> {
        String actual = "the alias *" + alias.getAlias().getValue();
        findings.report(pointer, "a value written out", actual, "anchors are not supported");
        yield JsonNodeFactory.instance.nullNode();
      }
      default -> throw new IllegalStateException("no value starts with " + event);
    };
  }

  private ObjectNode mapping(String pointer) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    Map<String, Integer> lines = new HashMap<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      if (!(event instanceof ScalarEvent key)) {
        findings.report(pointer, "keys that are plain text", "a key that is not", null);
        node(event, Places.child(pointer, "?"));
        node(events.next(), Places.child(pointer, "?"));
        continue;
      }
      entry(object, pointer, key, lines);
    }
    return object;
  }

  private void entry(
      ObjectNode object, String pointer, ScalarEvent event, Map<String, Integer> lines) {
    String key = event.getValue();
    String child = Places.child(pointer, key);
    int line = line(event);
    Integer first = lines.putIfAbsent(key, line);
    if (first == null) {
      places.putEntry(pointer, key, line);
      object.set(key, node(events.next(), child));
      return;
    }
    Place again = new Place(places.at(child).key(), line);
    String actual = Wording.quote(key) + " again, first in line " + first;
    findings.reportAt(child, again, "each key once", actual, null);
    node(events.next(), Places.child(pointer, "?"));
  }

  private ArrayNode sequence(String pointer) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      places.putItem(pointer, array.size(), line(event));
      array.add(node(event, Places.child(pointer, array.size())));
    }
    return array;
  }

  private void enter(Event event) {
    depth++;
    if (depth > MAX_DEPTH) {
      throw new TooDeepException(line(event));
    }
  }

  private void refuseTag(Optional<String> tag, String pointer) {
    if (tag.isPresent()) {
      findings.report(pointer, "a value without a tag", "the tag " + Wording.quote(tag.get()));
    }
  }

  private static int line(Event event) {
    return event.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }

  private static final class TooDeepException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int line;

    private TooDeepException(int line) {
      super(null, null, false, false);
      this.line = line;
    }
  }
}
